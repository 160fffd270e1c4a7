import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import type { PlatformSpec } from "../../components/model/platform/spec";
import { Platform } from "../../components/platform/platform";
import type { Registry } from "../../components/registry/registry";
import { Services } from "../../components/services/services";
import { planned, plannedTogether } from "../planned";
import { Recorder, resolved } from "../recorder";
import { plainSwarm } from "../swarm-of-hosts";

const service = "swarm:index:Service";
let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder();
});

const registry: Registry = {
  build: (key) => pulumi.output(`registry:5000/${key}@sha256:feed`),
  ready: [],
};

async function make(name: string, changes: Partial<PlatformSpec>): Promise<Services> {
  const swarm = plainSwarm(`${name}-swarm`, recorder.opts);
  const plan = planned(name, changes);
  const platform = new Platform(name, { platform: name, plan, swarm }, recorder.opts);
  const services = new Services(`${name}-services`, { platform, registry }, recorder.opts);
  await recorder.settle();
  return services;
}

test("two platforms of the same services clash with neither", async () => {
  await make("one", { services: { api: { image: "api:1" } } });
  await make("two", { services: { api: { image: "api:1" } } });
  const made = recorder.list().filter((entry) => entry.includes("-services"));
  expect(made).toEqual([
    "swarm:index:Rollout one-services-rollout",
    "swarm:index:Rollout two-services-rollout",
    `${service} one-services-api`,
    `${service} two-services-api`,
    "swarm:services:Services one-services",
    "swarm:services:Services two-services",
  ]);
});

test("a service says everything by its real name, with the environment's defaults", async () => {
  await make("one", {
    images: { api: { context: "api" } },
    volumes: { data: { name: "blue_data", driver: "nfs", driverOptions: { o: "ro" } } },
    configs: { settings: { content: "x" } },
    secrets: { key: { external: "old_key" } },
    services: {
      api: {
        image: { build: "api" },
        replicas: 2,
        ports: [{ target: 80, published: 8080 }],
        mounts: {
          "/data": { type: "volume", source: "data", volume: { noCopy: true } },
          "/sock": { type: "bind", source: "/var/run/docker.sock" },
        },
        secrets: { key: { source: "key", mode: 0o400 } },
        labels: { tier: "front" },
      },
    },
  });
  expect(recorder.inputs(service, "one-services-api")).toMatchObject({
    name: "one_api",
    image: "registry:5000/one/api@sha256:feed",
    replicas: 2,
    endpointMode: "dnsrr",
    ports: [{ target: 80, published: 8080, mode: "host" }],
    networks: { default: { name: "one_default", aliases: ["api"] } },
    mounts: {
      "/data": {
        type: "volume",
        source: "blue_data",
        volume: { noCopy: true, driver: "nfs", driverOptions: { o: "ro" } },
      },
      "/sock": { type: "bind", source: "/var/run/docker.sock" },
    },
    secrets: { key: { source: "old_key", mode: 0o400 } },
    labels: { "com.docker.stack.namespace": "one", tier: "front" },
    containerLabels: { "com.docker.stack.namespace": "one" },
  });
});

test("a service's own value overrides the environment's default", async () => {
  await make("one", {
    services: {
      api: {
        image: "api:1",
        hostname: "blue_api",
        endpointMode: "vip",
        ports: [{ target: 80, mode: "ingress" }],
      },
    },
  });
  expect(recorder.inputs(service, "one-services-api")).toMatchObject({
    hostname: "blue_api",
    endpointMode: "vip",
    ports: [{ target: 80, mode: "ingress" }],
  });
});

describe("order", () => {
  test("a service waits on its own only when another depends on it", async () => {
    await make("one", {
      services: {
        api: { image: "api:1", dependsOn: ["redis"] },
        redis: { image: "redis:7" },
      },
      rollout: { timeout: "2m", steady: "1s" },
    });
    expect(recorder.inputs(service, "one-services-redis")).toMatchObject({
      wait: true,
      timeout: "2m",
    });
    expect(recorder.inputs(service, "one-services-redis")).not.toHaveProperty("waitFor");
    expect(recorder.inputs(service, "one-services-api")).not.toHaveProperty("wait");
    expect(recorder.inputs(service, "one-services-api")).not.toHaveProperty("dependsOn");
    expect(recorder.inputs("swarm:index:Rollout", "one-services-rollout")).toMatchObject({
      timeout: "2m",
      steady: "1s",
    });
  });
});

describe("what another platform of the environment makes", () => {
  const plans = plannedTogether({
    blue: {
      networks: { overlay: { attachable: true } },
      volumes: { data: { shared: true } },
      secrets: { key: { random: 24 } },
      configs: { settings: { content: "x" } },
    },
    agents: {
      networks: { main: { external: true, name: "blue_overlay" } },
      volumes: { data: { external: true, name: "blue_data" } },
      secrets: { key: { external: "blue_key" } },
      configs: { settings: { external: "blue_settings" } },
      services: {
        openai: {
          image: "agent:1",
          networks: { main: {} },
          mounts: { "/blue_data": { type: "volume", source: "data" } },
          secrets: { key: { source: "key" } },
          configs: { "/settings": { source: "settings" } },
        },
        other: { image: "agent:1" },
      },
    },
  });

  /** Names of the resources of platform blue among these. */
  async function ofBlue(resources: pulumi.CustomResourceOptions["replaceWith"] = []) {
    const urns = await Promise.all(resources.map(({ urn }) => resolved(urn)));
    return urns.map((urn) => urn.split("::").at(-1)).filter((name) => name?.startsWith("blue-"));
  }

  test("is used by its final name and goes after what uses it, in any order of the file", async () => {
    const swarm = plainSwarm("swarm", recorder.opts);
    const platforms = ["agents", "blue"].map((name) => {
      const plan = plans[name];
      if (plan === undefined) throw new Error(name);
      return new Platform(name, { platform: name, plan, swarm }, recorder.opts);
    });
    const [agents] = platforms;
    if (agents === undefined) throw new Error("no platform");
    new Services("agents-services", { platform: agents, platforms, registry }, recorder.opts);
    await recorder.settle();
    const inputs = recorder.inputs(service, "agents-services-openai");
    expect(inputs.secrets).toEqual({ key: { source: "real name of blue-secret-key" } });
    const settings = "real name of blue-config-settings";
    expect(inputs.configs).toEqual({ "/settings": { source: settings } });
    expect(inputs.networks).toEqual({ main: { name: "blue_overlay", aliases: ["openai"] } });
    const { opts } = recorder.declaration(service, "agents-services-openai");
    expect(await ofBlue(opts.replaceWith)).toEqual(["blue-network-overlay"]);
    expect(await ofBlue(opts.dependsOn as pulumi.Resource[])).toEqual(["blue-seed-data"]);
    const other = recorder.declaration(service, "agents-services-other").opts;
    expect(await ofBlue([...(other.dependsOn as pulumi.Resource[])])).toEqual([]);
  });
});

test("a service of which others only need that it started waits for no more", async () => {
  await make("one", {
    services: {
      api: { image: "api:1", dependsOn: { redis: "started" } },
      redis: { image: "redis:7" },
    },
  });
  expect(recorder.inputs(service, "one-services-redis")).toMatchObject({
    wait: true,
    waitFor: "started",
  });
});

test("a service is recreated with the networks of its platform that it joins", async () => {
  await make("one", {
    networks: { front: {}, back: {}, other: {}, outside: { external: true, name: "outside" } },
    services: { api: { image: "api:1", networks: { front: {}, back: {}, outside: {} } } },
  });
  const { opts } = recorder.declaration(service, "one-services-api");
  const swarm = recorder.declaration("swarm:index:Network", "one-network-front").opts.replaceWith;
  const names = await Promise.all((opts.replaceWith ?? []).map(({ urn }) => resolved(urn)));
  const networks = names.filter((urn) => urn.includes("Network"));
  expect(networks.map((urn) => urn.split("::").at(-1))).toEqual([
    "one-network-front",
    "one-network-back",
  ]);
  expect(opts.replaceWith).toEqual(expect.arrayContaining(swarm ?? []));
});
