import { expect, test } from "vitest";
import { localAddress, sshPort } from "../../components/config/environment/addresses";
import type { Environment } from "../../components/config/environment/environment";
import { createHosts } from "../../components/hosts";
import { daemonConfig } from "../../components/hosts/local/daemon";
import { engineMissingCapabilities } from "../../components/local-engine/capabilities";
import { createNetwork } from "../../components/network";
import { createShare } from "../../components/share";
import { localEnvironment, localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";

const COMMAND = "command:remote:Command";
const CONTAINER = "docker:index/container:Container";
const KEY = "swarm:index:Key";
const VOLUME = "docker:index/volume:Volume";

async function makeHosts(recorder: Recorder, environment: Environment) {
  const network = await createNetwork(environment, recorder.opts);
  const share = await createShare(environment, { network }, recorder.opts);
  return createHosts(environment, { network, share }, recorder.opts);
}

test("each host is a container with its own volume and host key, all log in with one key", async () => {
  const recorder = new Recorder({ stack: "one" });
  const environment = localEnvironment("one");
  const hosts = await makeHosts(recorder, environment);
  await recorder.settle();

  expect(recorder.list().filter((line) => line.includes("one-db"))).toEqual([
    `${COMMAND} one-db-ready`,
    `${CONTAINER} one-db-container`,
    `${VOLUME} one-db-data`,
    "swarm:hosts:Local one-db",
    `${KEY} one-db-host-key`,
  ]);
  expect(recorder.list().filter((line) => line.startsWith(KEY))).toHaveLength(3);
  const [db] = hosts;
  expect(db).toMatchObject({ name: "one-db", ephemeral: true });
  expect(await resolved(db?.privateAddress ?? "")).toBe(localAddress(environment, "one-db"));
  expect(await resolved(db?.ssh.port ?? 0)).toBe(sshPort(environment, "one-db"));
  expect(await resolved(db?.ssh.hostKey ?? "")).toBe("ssh-ed25519 one-db-host-key");
});

test("the container has what an engine needs and no more, and stays the same node", async () => {
  const recorder = new Recorder({ stack: "one" });
  const environment = localEnvironment("one");
  await makeHosts(recorder, environment);
  await recorder.settle();

  const inputs = recorder.inputs(CONTAINER, "one-db-container");
  expect(inputs).toEqual({
    name: "swarmyard-one-one-db",
    hostname: "one-db",
    image: "sha256:node-image",
    capabilities: { adds: ["ALL"], drops: engineMissingCapabilities() },
    securityOpts: ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"],
    init: true,
    networkMode: "bridge",
    networksAdvanced: [
      {
        name: "swarmyard-one",
        ipv4Address: localAddress(environment, "one-db"),
        aliases: ["nodes"],
      },
    ],
    ports: [
      {
        internal: 22,
        external: sshPort(environment, "one-db"),
        ip: "127.0.0.1",
        protocol: "tcp",
      },
    ],
    mounts: [
      { type: "volume", source: "swarmyard-one-one-db", target: "/var/lib/docker" },
      { type: "volume", source: "swarmyard-one-share", target: "/mnt/share" },
    ],
    uploads: [
      {
        file: "/etc/docker/daemon.json",
        content: daemonConfig(environment, localHost("one-db")),
      },
      {
        file: "/etc/swarmyard/authorized_keys",
        content: "ssh-ed25519 operator\n",
        permissions: "0600",
      },
      {
        file: "/etc/swarmyard/host_key",
        content: "private one-db-host-key",
        permissions: "0600",
      },
    ],
    labels: [
      { label: "swarmyard.kind", value: "node" },
      { label: "swarmyard.stack", value: "swarmyard/one" },
    ],
    logDriver: "json-file",
    logOpts: { "max-file": "2", "max-size": "10m" },
    restart: "unless-stopped",
    stopTimeout: 30,
    mustRun: false,
  });
  const { opts } = recorder.declaration(CONTAINER, "one-db-container");
  expect(opts.ignoreChanges).toEqual(["securityOpts"]);
  expect(opts.deleteBeforeReplace).toBe(true);
  expect(recorder.secrets(CONTAINER, "one-db-container")).toEqual(["uploads"]);
});

test("a host is ready when its engine answers, asked again for another container", async () => {
  const recorder = new Recorder();
  await makeHosts(recorder, localEnvironment("one"));
  await recorder.settle();
  const inputs = recorder.inputs(COMMAND, "one-db-ready");
  expect(inputs.create).toContain("docker info");
  expect(inputs.update).toBe(inputs.create);
  expect(inputs.stdin).toBe("one-db-container-id");
  expect(inputs).not.toHaveProperty("delete");
  expect(inputs.connection).toMatchObject({ dialErrorLimit: 70, privateKey: "private operator" });
});

test("a host more changes nothing about the others", async () => {
  const few = new Recorder();
  await makeHosts(few, localEnvironment("one"));
  await few.settle();
  const many = new Recorder();
  const hosts = ["one-new", "one-db", "one-app"].map((name) => localHost(name));
  await makeHosts(many, localEnvironment("one", { hosts }));
  await many.settle();
  for (const name of ["one-db", "one-app"]) {
    expect(many.inputs(CONTAINER, `${name}-container`)).toEqual(
      few.inputs(CONTAINER, `${name}-container`),
    );
  }
});

test("without a share nothing but the engine's volume is mounted", async () => {
  const recorder = new Recorder();
  const share = { kind: "none", path: "/mnt/share", data: "delete" } as const;
  await makeHosts(recorder, localEnvironment("one", { share }));
  await recorder.settle();
  expect(recorder.inputs(CONTAINER, "one-db-container").mounts).toHaveLength(1);
});
