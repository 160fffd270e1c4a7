import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { daemonConfig } from "../../components/hosts/local/daemon";
import { IMAGE_FOLDER } from "../../components/hosts/local/node-image";
import {
  engineMissingCapabilities,
  missingCapabilities,
} from "../../components/local-engine/capabilities";
import { localEnvironment, localHost } from "../local-environment";

test.each([
  ["CapBnd:\t000001fffeffffff\n", ["CAP_SYS_RESOURCE"]],
  ["Name:\tx\nCapBnd:\t000001ffffffffff\nSeccomp:\t0\n", []],
  ["CapBnd:\t0000007fffffffff\n", ["CAP_BPF", "CAP_CHECKPOINT_RESTORE"]],
  ["no such line", []],
])("capabilities missing in %j are %j", (status, missing) => {
  expect(missingCapabilities(status)).toEqual(missing);
});

test("a Docker engine elsewhere is assumed to have everything", () => {
  expect(engineMissingCapabilities({ DOCKER_HOST: "tcp://10.0.0.1:2376" })).toEqual([]);
  expect(engineMissingCapabilities({ DOCKER_HOST: "ssh://box" })).toEqual([]);
  expect(engineMissingCapabilities({ DOCKER_CONTEXT: "desktop-linux" })).toEqual([]);
});

test("a Docker engine trusts the environment's registry and keeps off its networks", () => {
  const settings = JSON.parse(daemonConfig(localEnvironment("one"), localHost("a")));
  expect(settings).toMatchObject({
    "storage-driver": "overlay2",
    "insecure-registries": ["registry:5000"],
    bip: "172.30.0.1/24",
    "default-address-pools": [{ base: "172.30.0.0/16", size: 24 }],
    "log-opts": { "max-file": "3", "max-size": "10m" },
  });
  expect(settings).not.toHaveProperty("node-generic-resources");
  const local = { ...localEnvironment("one").local, subnet: "172.30.0.0/20" };
  const moved = JSON.parse(daemonConfig(localEnvironment("one", { local }), localHost("a")));
  expect(moved.bip).toBe("172.27.0.1/24");
});

test("a Docker engine announces the resources of its host in a fixed order", () => {
  const host = localHost("a", { resources: { "NVIDIA-GPU": 2, FPGA: 1 } });
  expect(JSON.parse(daemonConfig(localEnvironment("one"), host))["node-generic-resources"]).toEqual(
    ["FPGA=1", "NVIDIA-GPU=2"],
  );
});

test("an environment that uses every network is asked to leave one free", () => {
  const swarm = {
    ...localEnvironment("one").swarm,
    addressPools: ["172.16.0.0/12", "192.168.0.0/16", "10.254.0.0/16"],
  };
  expect(() => daemonConfig(localEnvironment("one", { swarm }), localHost("a"))).toThrow(
    "leave one free for the hosts' Docker engines",
  );
});

test("a Docker engine's own networks keep away from the network of published ports", () => {
  const pools = (swarm: object) =>
    JSON.parse(
      daemonConfig(
        localEnvironment("one", { swarm: { ...localEnvironment("one").swarm, ...swarm } }),
        localHost("a"),
      ),
    )["default-address-pools"];
  expect(pools({})).toEqual([{ base: "172.30.0.0/16", size: 24 }]);
  const ingress = { subnet: "172.30.4.0/24" };
  expect(pools({ ingress })).toEqual([{ base: "172.27.0.0/16", size: 24 }]);
});

test("the image's entry script is bash", () => {
  execFileSync("bash", ["-n", join(IMAGE_FOLDER, "entry")]);
});
