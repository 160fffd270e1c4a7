import { expect, test } from "vitest";
import { LocalEntry } from "../../components/network/entry";
import { type EntryPort, entryConfig, sortPorts } from "../../components/network/entry-config";
import { LocalNetwork } from "../../components/network/local";
import { localEnvironment } from "../local-environment";
import { Recorder } from "../recorder";

const CONTAINER = "docker:index/container:Container";
const NODES = [
  { name: "db", address: "10.64.1.1" },
  { name: "app", address: "10.64.1.2" },
];

function makeEntry(recorder: Recorder, name: string, ports: readonly EntryPort[], offset = 0) {
  const environment = localEnvironment(name, {
    local: { subnet: "10.64.0.0/16", sshPortBase: 20000, portOffset: offset },
  });
  const network = new LocalNetwork(`${name}-network`, { environment }, recorder.opts);
  return new LocalEntry(name, { environment, network, nodes: NODES, ports }, recorder.opts);
}

test("each TCP port is published on 127.0.0.1 with the environment's offset", async () => {
  const recorder = new Recorder({ stack: "one" });
  makeEntry(recorder, "one", [
    { published: 8080, protocol: "tcp" },
    { published: 53, protocol: "udp" },
  ]);
  makeEntry(recorder, "two", [{ published: 8080, protocol: "tcp" }], 1000);
  await recorder.settle();

  const inputs = recorder.inputs(CONTAINER, "one-forwarder");
  expect(inputs).toMatchObject({
    name: "swarmyard-one-entry",
    image: "sha256:one-image",
    networkMode: "bridge",
    networksAdvanced: [{ name: "swarmyard-one", ipv4Address: "10.64.0.3" }],
    ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1", protocol: "tcp" }],
    uploads: [{ file: "/etc/haproxy/haproxy.cfg", content: entryConfig([8080], NODES) }],
    restart: "unless-stopped",
    mustRun: false,
  });
  expect(inputs).not.toHaveProperty("mounts");
  expect(inputs).not.toHaveProperty("capabilities");
  expect(recorder.inputs(CONTAINER, "two-forwarder").ports).toEqual([
    { internal: 8080, external: 9080, ip: "127.0.0.1", protocol: "tcp" },
  ]);
});

test("without a TCP port there is neither container nor image", async () => {
  const recorder = new Recorder();
  const entry = makeEntry(recorder, "one", [{ published: 53, protocol: "udp" }]);
  await recorder.settle();
  expect(entry.container).toBeUndefined();
  expect(recorder.list().filter((line) => line.includes("docker:"))).toEqual([
    "docker:index/network:Network one-network-bridge",
  ]);
});

test("ports are sorted and named once, so that their order changes nothing", () => {
  const { tcp, other } = sortPorts([
    { published: 9000, protocol: "tcp" },
    { published: 80, protocol: "tcp" },
    { published: 9000, protocol: "tcp" },
    { published: 53, protocol: "udp" },
  ]);
  expect(tcp).toEqual([80, 9000]);
  expect(other).toEqual([{ published: 53, protocol: "udp" }]);
});

test("a port leads to the same port of every node, and checks close without a reset", () => {
  const config = entryConfig([80, 9000], NODES);
  expect(config).toContain(
    "listen port-80\n  bind :80\n  server db 10.64.1.1:80\n  server app 10.64.1.2:80\n",
  );
  expect(config).toContain("listen port-9000\n  bind :9000\n");
  expect(config).toContain("tcp-check connect linger");
  expect(config.endsWith("\n")).toBe(true);
});
