import { expect, test } from "vitest";
import type { PublishedPort } from "../../../components/config/environment/published-ports";
import { LocalEntry } from "../../../components/network/local/entry";
import { entryConfig, sortPorts } from "../../../components/network/local/entry-config";
import { LocalNetwork } from "../../../components/network/local/network";
import { localEnvironment } from "../../local-environment";
import { Recorder } from "../../recorder";

const CONTAINER = "docker:index/container:Container";

function makeEntry(recorder: Recorder, name: string, ports: readonly PublishedPort[], offset = 0) {
  const environment = localEnvironment(name, {
    local: { subnet: "10.64.0.0/16", sshPortBase: 20000, portOffset: offset, engine: "debian-13" },
  });
  const settings = environment.local;
  const network = new LocalNetwork(`${name}-network`, { environment, settings }, recorder.opts);
  return new LocalEntry(name, { environment, network, ports }, recorder.opts);
}

test("each TCP port is published on 127.0.0.1 with the environment's offset", async () => {
  const recorder = new Recorder({ stack: "one" });
  makeEntry(recorder, "one", [
    { platform: "demo", published: 8080, protocol: "tcp" },
    { platform: "demo", published: 53, protocol: "udp" },
  ]);
  makeEntry(recorder, "two", [{ platform: "demo", published: 8080, protocol: "tcp" }], 1000);
  await recorder.settle();

  const inputs = recorder.inputs(CONTAINER, "one-demo");
  expect(inputs).toMatchObject({
    name: "swarmyard-one-entry-demo",
    image: "sha256:one-image",
    networkMode: "bridge",
    networksAdvanced: [
      { name: "swarmyard-one", ipv4Address: expect.stringMatching(/^10\.64\.0\./) },
    ],
    ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1", protocol: "tcp" }],
    uploads: [{ file: "/etc/haproxy/haproxy.cfg", content: entryConfig([8080]) }],
    restart: "unless-stopped",
    mustRun: false,
  });
  expect(inputs).not.toHaveProperty("mounts");
  expect(inputs).not.toHaveProperty("capabilities");
  expect(recorder.inputs(CONTAINER, "two-demo").ports).toEqual([
    { internal: 8080, external: 9080, ip: "127.0.0.1", protocol: "tcp" },
  ]);
});

test("a port that two platforms publish on different nodes is open once on this machine", async () => {
  const recorder = new Recorder();
  const port = (platform: string, published: number) => ({
    platform,
    published,
    protocol: "tcp" as const,
  });
  const entry = makeEntry(recorder, "one", [
    port("first", 8080),
    port("second", 8080),
    port("second", 8081),
    port("third", 8080),
  ]);
  await recorder.settle();
  expect([...entry.containers.keys()]).toEqual(["first", "second"]);
  const open = (name: string) => recorder.inputs(CONTAINER, `one-${name}`).ports;
  expect(open("first")).toMatchObject([{ internal: 8080 }]);
  expect(open("second")).toMatchObject([{ internal: 8081 }]);
});

test("without a TCP port there is neither container nor image", async () => {
  const recorder = new Recorder();
  const entry = makeEntry(recorder, "one", [{ platform: "demo", published: 53, protocol: "udp" }]);
  await recorder.settle();
  expect(entry.containers.size).toBe(0);
  expect(recorder.list().filter((line) => line.includes("docker:"))).toEqual([
    "docker:index/network:Network one-network-bridge",
  ]);
});

test("a platform more changes nothing for another", async () => {
  const demo = [8081, 8080].map((published) => ({
    platform: "demo",
    published,
    protocol: "tcp" as const,
  }));
  const alone = new Recorder();
  makeEntry(alone, "one", demo);
  await alone.settle();
  const before = alone.inputs(CONTAINER, "one-demo");
  const together = new Recorder();
  makeEntry(together, "one", [{ platform: "next", published: 9000, protocol: "tcp" }, ...demo]);
  await together.settle();
  expect(together.inputs(CONTAINER, "one-demo")).toEqual(before);
  const next = together.inputs(CONTAINER, "one-next");
  expect(next.ports).toEqual([
    { internal: 9000, external: 9000, ip: "127.0.0.1", protocol: "tcp" },
  ]);
  expect(next.networksAdvanced).not.toEqual(before.networksAdvanced);
});

test("ports are sorted and named once, so that their order changes nothing", () => {
  const { tcp, other } = sortPorts([
    { platform: "demo", published: 9000, protocol: "tcp" },
    { platform: "demo", published: 80, protocol: "tcp" },
    { platform: "demo", published: 9000, protocol: "tcp" },
    { platform: "demo", published: 53, protocol: "udp" },
  ]);
  expect(tcp).toEqual([80, 9000]);
  expect(other).toEqual([{ platform: "demo", published: 53, protocol: "udp" }]);
});

test("a port leads to the same port of every node, and checks close without a reset", () => {
  const config = entryConfig([80, 9000]);
  expect(config).toContain("listen port-80\n  bind :80\n  server-template node 1-128 nodes:80\n");
  expect(config).toContain(
    "listen port-9000\n  bind :9000\n  server-template node 1-128 nodes:9000",
  );
  expect(config).toContain("tcp-check connect linger");
  expect(config.endsWith("\n")).toBe(true);
});
