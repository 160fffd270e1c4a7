import { expect, test } from "vitest";
import { hostUpgrades, newImages, upgradeOrder } from "../../tools/report/upgrades";

const urn = (types: string, name: string) => `urn:pulumi:local::swarmyard::${types}::${name}`;
const hostContainer = "swarm:index:Host$swarm:hosts:Local$docker:index/container:Container";
const step = (op: string, types: string, name: string, replaceReasons: readonly string[] = []) => ({
  op,
  urn: urn(types, name),
  replaceReasons,
});

const steps = [
  step("create", "docker:index/remoteImage:RemoteImage", "node-image-debian-13"),
  step("create", "docker:index/remoteImage:RemoteImage", "registry-image-demo/web"),
  step("delete", "docker:index/remoteImage:RemoteImage", "node-image"),
  step("create-replacement", hostContainer, "db-0-container", ["image"]),
  step("replace", hostContainer, "db-0-container", ["image"]),
  step("update", "swarm:hosts:Local$command:remote:Command", "db-0-ready"),
  step("replace", hostContainer, "db-1-container", ["uploads"]),
  step("replace", "swarm:registry:Local$docker:index/container:Container", "registry-server", [
    "image",
  ]),
  step("same", hostContainer, "db-2-container"),
];

test("hosts are upgraded whose container another image replaces, with what waits for them", () => {
  expect(hostUpgrades(steps)).toEqual([
    {
      host: "db-0",
      targets: [
        urn(hostContainer, "db-0-container"),
        urn("swarm:hosts:Local$command:remote:Command", "db-0-ready"),
      ],
    },
  ]);
  expect(newImages(steps)).toEqual([
    urn("docker:index/remoteImage:RemoteImage", "node-image-debian-13"),
  ]);
});

test("workers come first, the leader last", () => {
  const node = (Hostname: string, ManagerStatus?: { readonly Leader?: boolean }) => ({
    Description: { Hostname },
    ...(ManagerStatus === undefined ? {} : { ManagerStatus }),
  });
  const nodes = [node("m-0", { Leader: true }), node("m-1", {}), node("w-1"), node("w-0")];
  const upgrades = ["m-0", "m-1", "w-1", "w-0"].map((host) => ({ host, targets: [] }));
  expect(upgradeOrder(upgrades, nodes).map(({ host }) => host)).toEqual([
    "w-0",
    "w-1",
    "m-1",
    "m-0",
  ]);
});
