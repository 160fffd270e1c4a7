import { expect, test } from "vitest";
import type { SshHostSettings } from "../../../components/config/environment/environment";
import type { EngineOffer } from "../../../components/hosts/machine/engine-upgrade";
import { serverLines, serversOf, serverUpgrades } from "../../../tools/upgrade/servers";
import { awsEnvironment } from "../../aws-environment";
import { localEnvironment } from "../../local-environment";

const ssh = (name: string, version?: string): SshHostSettings => ({
  ...{ name, group: "rack", kind: "ssh", role: "worker", labels: {}, resources: {} },
  ssh: {
    ...{ machine: name, address: "203.0.113.10", port: 22, user: "root", key: { kind: "agent" } },
    ...{ via: [], setHostname: false, purge: false },
    engine: { source: "docker", ...(version === undefined ? {} : { version }) },
  },
});

const offer = (is: EngineOffer["is"], offered = "26.1.5+dfsg1-9"): EngineOffer => ({
  ...{ package: "docker.io", installed: "20.10.24+dfsg1-1", offered, is },
});

test("machines with a system of their own are asked for what the file states, or the newest", () => {
  const { hosts } = localEnvironment("one");
  const mixed = [...hosts, ssh("db-0"), ssh("db-1", "5:28.5.1-1~debian.12~bookworm")];
  expect([...serversOf({ hosts: mixed })]).toEqual([
    ["db-0", ""],
    ["db-1", "5:28.5.1-1~debian.12~bookworm"],
  ]);
  const onAws = awsEnvironment();
  expect([...serversOf(onAws).keys()]).toEqual(onAws.hosts.map(({ name }) => name));
});

test("a newer version is an upgrade, the same one is nothing, an older one is refused", () => {
  const offers = new Map([
    ["db-0", offer("newer")],
    ["db-1", offer("same", "20.10.24+dfsg1-1")],
    ["db-2", offer("older", "19.3")],
  ]);
  const { upgrades, problems } = serverUpgrades(offers);
  expect(upgrades).toEqual([{ host: "db-0", offer: offer("newer") }]);
  expect(problems).toEqual([
    "db-2 has docker.io 20.10.24+dfsg1-1, which is newer than 19.3: a Docker engine cannot read what a newer one wrote",
  ]);
  expect(serverLines(upgrades)).toEqual(["  db-0: docker.io 20.10.24+dfsg1-1 → 26.1.5+dfsg1-9"]);
});
