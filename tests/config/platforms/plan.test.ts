import { describe, expect, test } from "vitest";
import { realName } from "../../../components/model/platform/names";
import type { PlatformSpec } from "../../../components/model/platform/spec";
import { planned } from "../../planned";

const image = "redis:7";
const label = { "com.docker.stack.namespace": "app" };
const subnet = expect.stringMatching(/^10\.201\.\d+\.0\/24$/);
const plan = (spec: Partial<PlatformSpec>) => planned("app", spec);

test("a real name is the platform's and the key, as docker stack joins them, or its own", () => {
  expect(realName("app", "data")).toBe("app_data");
  expect(realName("app", "data", "blue_data")).toBe("blue_data");
});

test("an empty platform has nothing", () => {
  const none = { images: {}, networks: {}, volumes: {}, secrets: {}, configs: {}, services: {} };
  expect(plan({})).toEqual({ folder: "/", ...none });
});

test("without a namespace, keys are the real names: no label of a stack, and no further alias", () => {
  const made = plan({
    namespace: false,
    networks: { proxy: { subnet: "10.0.1.0/24" } },
    volumes: { data: {} },
    secrets: { key: { random: 32 } },
    services: { web: { image, networks: { proxy: { aliases: ["www"] } } } },
  });
  expect(made.networks.proxy).toEqual({
    ...{ kind: "own", name: "proxy", labels: {}, subnet: "10.0.1.0/24" },
  });
  expect(made.volumes.data).toMatchObject({ name: "data", labels: {} });
  expect(made.secrets.key).toMatchObject({ name: "key", labels: {} });
  expect(made.services.web).toMatchObject({
    name: "web",
    labels: {},
    containerLabels: {},
    networks: { proxy: { name: "proxy", aliases: ["www"] } },
  });
});

describe("networks", () => {
  test("there is `default` when a service joins it, with a subnet of the pool", () => {
    const joined = { default: { kind: "own", name: "app_default", labels: label, subnet } };
    expect(plan({ services: { a: { image } } }).networks).toEqual(joined);
    const services = { a: { image, networks: { default: {} } } };
    expect(plan({ services }).networks).toEqual(joined);
  });

  test("there is none when all services join none explicitly", () => {
    const { networks, services } = plan({ services: { a: { image, networks: {} } } });
    expect(networks).toEqual({});
    expect(services.a?.networks).toEqual({});
  });

  test("there are only the declared ones when no service joins `default`", () => {
    const spec = { networks: { back: {} }, services: { a: { image, networks: { back: {} } } } };
    expect(Object.keys(plan(spec).networks)).toEqual(["back"]);
  });

  test("say what was written; an external one has only its name", () => {
    const networks = {
      back: { name: "blue_back", subnet: "10.77.0.0/24", attachable: true, labels: { a: "b" } },
      woven: { driver: "weave" },
      out: { external: true, name: "outside" },
      same: { external: true },
    } as const;
    const services = { a: { image, networks: { back: { aliases: ["x"] }, out: {} } } };
    const made = plan({ networks, services });
    expect(made.networks).toEqual({
      back: {
        kind: "own",
        name: "blue_back",
        subnet: "10.77.0.0/24",
        attachable: true,
        labels: { ...label, a: "b" },
      },
      woven: { kind: "own", name: "app_woven", driver: "weave", labels: label },
      out: { kind: "external", name: "outside" },
      same: { kind: "external", name: "app_same" },
    });
    expect(made.services.a?.networks).toEqual({
      back: { name: "blue_back", aliases: ["a", "x"] },
      out: { name: "outside", aliases: ["a"] },
    });
  });

  test("do not use the subnet of an external one", () => {
    const networks = { own: {}, out: { external: true, subnet: "10.201.0.0/17" } } as const;
    const { own } = plan({ networks }).networks;
    expect(Number(own?.subnet?.split(".")[2])).toBeGreaterThan(127);
  });
});

describe("volumes", () => {
  const own = { everyNode: false, onDelete: "keep", seed: {}, labels: label };

  test("are on the node with their driver, on the share as a bind of a folder, or external", () => {
    const volumes = {
      plain: {},
      disk: { driver: "rexray", driverOptions: { size: "10" }, everyNode: true },
      shared: { shared: true, onDelete: "remove", seed: { "a.json": "seed/a.json" } },
      out: { external: true, name: "blue_out" },
    } as const;
    const folder = "/mnt/share/app/shared";
    expect(plan({ volumes }).volumes).toEqual({
      plain: { kind: "node", name: "app_plain", driver: "local", driverOptions: {}, ...own },
      disk: {
        ...{ kind: "node", name: "app_disk", driver: "rexray", driverOptions: { size: "10" } },
        ...own,
        everyNode: true,
      },
      shared: {
        ...{ kind: "shared", name: "app_shared", folder, driver: "local" },
        driverOptions: { type: "none", o: "bind", device: folder },
        ...own,
        onDelete: "remove",
        seed: { "a.json": "seed/a.json" },
      },
      out: { kind: "external", name: "blue_out" },
    });
  });

  test("are mounted by their real name and driver, with the mount's own fields", () => {
    const { services } = plan({
      volumes: {
        data: { driverOptions: { type: "tmpfs", device: "tmpfs", o: "ro" } },
        out: { external: true },
      },
      services: {
        a: {
          image,
          mounts: {
            "/data": {
              type: "volume",
              source: "data",
              readOnly: true,
              volume: { noCopy: true, labels: { kept: "yes" } },
            },
            "/out": { type: "volume", source: "out", volume: { noCopy: true } },
            "/own": { type: "volume" },
            "/sock": { type: "bind", source: "/var/run/docker.sock" },
          },
        },
      },
    });
    expect(services.a?.mounts).toEqual({
      "/data": {
        type: "volume",
        source: "app_data",
        readOnly: true,
        volume: {
          noCopy: true,
          labels: { kept: "yes" },
          driver: "local",
          driverOptions: { type: "tmpfs", device: "tmpfs", o: "ro" },
        },
      },
      "/out": { type: "volume", source: "app_out", volume: { noCopy: true } },
      "/own": { type: "volume" },
      "/sock": { type: "bind", source: "/var/run/docker.sock" },
    });
  });
});

test("secrets and configs say by kind where they come from", () => {
  const { secrets, configs } = plan({
    secrets: {
      made: { random: 24, labels: { a: "b" } },
      set: { config: "apiKey" },
      read: { file: "key" },
      out: { external: "old_key" },
    },
    configs: {
      text: { content: "hello", templateDriver: "golang" },
      line: { content: "\n" },
      read: { file: "settings.json" },
      out: { external: "old_settings" },
    },
  });
  expect(secrets).toEqual({
    made: { kind: "random", name: "app_made", random: 24, labels: { ...label, a: "b" } },
    set: { kind: "config", name: "app_set", config: "apiKey", labels: label },
    read: { kind: "file", name: "app_read", file: "key", labels: label },
    out: { kind: "external", name: "old_key" },
  });
  const template = { templateDriver: "golang" };
  expect(configs).toEqual({
    text: { kind: "content", name: "app_text", content: "hello", labels: label, ...template },
    line: { kind: "content", name: "app_line", content: "\n", labels: label },
    read: { kind: "file", name: "app_read", file: "settings.json", labels: label },
    out: { kind: "external", name: "old_settings" },
  });
});

describe("services", () => {
  test("have every name and mode that the environment or the platform gives", () => {
    const { services } = plan({
      images: { api: { context: "api" } },
      services: { api: { image: { build: "api" }, ports: [{ target: 80 }] } },
    });
    expect(services.api).toEqual({
      name: "app_api",
      image: { kind: "built", build: "api" },
      labels: label,
      containerLabels: label,
      networks: { default: { name: "app_default", aliases: ["api"] } },
      ports: [{ target: 80, mode: "host" }],
      endpointMode: "dnsrr",
      dependsOn: {},
    });
  });

  test("have a hostname of their own for each task where the environment says so", () => {
    const long = "a".repeat(35);
    const { services } = planned(
      "app",
      { services: { a: { image }, b: { image, hostname: "blue_b" }, [long]: { image } } },
      { swarm: { hostname: "task" } },
    );
    expect(Object.values(services).map(({ hostname }) => hostname)).toEqual([
      "{{.Service.Name}}-{{.Task.Slot}}",
      "blue_b",
      "{{.Task.ID}}",
    ]);
  });

  test("wait for running services and completed jobs in a list, and for the stated conditions in a map", () => {
    const { services } = plan({
      services: {
        web: { image, dependsOn: ["redis", "migrate"] },
        api: { image, dependsOn: { redis: "started", migrate: "healthy" } },
        redis: { image },
        migrate: { image, mode: "replicated-job" },
      },
    });
    expect(services.web?.dependsOn).toEqual({ redis: "healthy", migrate: "completed" });
    expect(services.api?.dependsOn).toEqual({ redis: "started", migrate: "healthy" });
  });

  test("keep their own values", () => {
    const own = { hostname: "blue", endpointMode: "vip", labels: { tier: "front" } } as const;
    const ports = [{ target: 80, mode: "ingress" }] as const;
    const { services } = plan({ services: { api: { image, ports, ...own } } });
    expect(services.api).toMatchObject({
      image: { kind: "reference", reference: image },
      hostname: "blue",
      endpointMode: "vip",
      labels: { ...label, tier: "front" },
      ports: [{ target: 80, mode: "ingress" }],
    });
  });
});
