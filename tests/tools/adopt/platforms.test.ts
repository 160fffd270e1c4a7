import { expect, test } from "vitest";
import type { WireSpec } from "../../../components/model/service/wire";
import { inexact } from "../../../tools/adopt/exact";
import { ownNetwork } from "../../../tools/adopt/networks";
import { platformsOf } from "../../../tools/adopt/platforms";
import { imageText } from "../../../tools/adopt/services";
import { platformText } from "../../../tools/report/conversion";
import { liveOf, networkOf, serviceOf } from "./a-swarm";

const namespace = { "com.docker.stack.namespace": "shop" };

const web: WireSpec = {
  Name: "shop_web",
  Labels: { ...namespace, "com.docker.stack.image": "nginx:1.27" },
  Mode: { Replicated: { Replicas: 2 } },
  EndpointSpec: { Mode: "vip", Ports: [{ TargetPort: 80, PublishedPort: 8080 }] },
  TaskTemplate: {
    ContainerSpec: {
      Image: "nginx:1.27@sha256:aa",
      Labels: namespace,
      Secrets: [{ SecretID: "x", SecretName: "shop_password", File: { Name: "password" } }],
      Mounts: [
        { Type: "volume", Source: "shop_data", Target: "/data" },
        {
          ...{ Type: "volume", Source: "other", Target: "/other" },
          VolumeOptions: { DriverConfig: { Name: "local", Options: { type: "nfs" } } },
        },
      ],
    },
    Networks: [
      { Target: "id-shop_default", Aliases: ["web"] },
      { Target: "id-proxy", Aliases: ["web", "shop"] },
    ],
  },
};
const cron: WireSpec = {
  Name: "cron",
  Mode: { Global: {} },
  TaskTemplate: {
    ContainerSpec: { Image: "cron:1", Env: ["A=1"] },
    Networks: [{ Target: "id-proxy" }],
    ForceUpdate: 3,
  },
};
const live = liveOf({
  services: [serviceOf(web), serviceOf(cron)],
  networks: [
    networkOf("shop_default", { Labels: namespace }),
    networkOf("proxy", { Attachable: true, IPAM: { Config: [{ Subnet: "10.0.2.0/24" }] } }),
  ],
});

test("a stack is a platform; what belongs to none is one without a namespace; both give what runs", () => {
  const { platforms, notes } = platformsOf(live);
  expect(notes).toEqual([]);
  expect(platforms.map(({ name, services }) => [name, services])).toEqual([
    ["shop", { web: "shop_web" }],
    ["standalone", { cron: "cron" }],
  ]);
  expect(inexact(live, platforms)).toEqual([]);
  expect(platforms[0]?.spec).toEqual({
    folder: "",
    networks: {
      default: { subnet: "10.0.1.0/24" },
      proxy: { external: true, name: "proxy" },
    },
    volumes: {
      data: { external: true, name: "shop_data" },
      other: { name: "other", driver: "local", driverOptions: { type: "nfs" } },
    },
    secrets: { password: { external: "shop_password" } },
    services: {
      web: {
        image: "nginx:1.27",
        replicas: 2,
        ports: [{ target: 80, published: 8080 }],
        networks: { default: {}, proxy: { aliases: ["shop"] } },
        mounts: {
          "/data": { type: "volume", source: "data" },
          "/other": { type: "volume", source: "other" },
        },
        secrets: { password: { source: "password" } },
      },
    },
  });
});

test("the file of what belongs to no stack", () => {
  const spec = platformsOf(live).platforms[1]?.spec ?? {};
  expect(
    platformText(spec),
  ).toBe(`import type { PlatformSpec } from "../../components/model/platform/spec";

export const platform: PlatformSpec = {
  folder: __dirname,
  namespace: false,
  networks: {
    proxy: {
      subnet: "10.0.2.0/24",
      attachable: true,
    },
  },
  services: {
    cron: {
      image: "cron:1",
      env: {
        A: "1",
      },
      mode: "global",
      networks: {
        proxy: {},
      },
    },
  },
};`);
});

test("what a platform cannot say, or would change, is named", () => {
  const odd = {
    ...cron,
    Labels: namespace,
    Name: "shop_cron",
    TaskTemplate: {
      ...cron.TaskTemplate,
      Runtime: "plugin",
      ContainerSpec: { ...cron.TaskTemplate?.ContainerSpec, Isolation: "hyperv" },
    },
  } as WireSpec;
  const swarm = { ...live, services: [serviceOf(odd)] };
  expect(inexact(swarm, platformsOf(swarm).platforms)).toEqual([
    "platforms/shop: services.cron differs from what runs: containerLabels, networks.proxy.aliases; up refuses to take it over until the file says the same",
    "platforms/shop: services.cron cannot say TaskTemplate.ContainerSpec.Isolation, TaskTemplate.Runtime; it stays as it is until a change of the service's tasks",
  ]);
});

test("names that a platform cannot have are left out and named", () => {
  const stack = { "com.docker.stack.namespace": "Shop" };
  const services = [
    serviceOf({ ...cron, Name: "Shop_a", Labels: stack }),
    serviceOf({ ...cron, Name: "b", Labels: namespace }),
  ];
  const { platforms, notes } = platformsOf(liveOf({ services, networks: live.networks }));
  expect(platforms.flatMap(({ services: own }) => Object.values(own))).toEqual([]);
  expect(notes).toEqual([
    "the stack Shop is left out: a platform's name has only lowercase letters, digits, - and _",
    "the service b is left out: it has the label of the stack shop, and its name does not begin with shop_",
  ]);
});

test("a network with something of its own is only used; the others say what they are", () => {
  const odd = { ...networkOf("six"), EnableIPv6: true };
  expect(ownNetwork(odd, true, undefined)).toEqual({
    spec: { external: true, name: "six", subnet: "10.0.1.0/24" },
    note: "the network six is only used (`external`): a platform cannot say its EnableIPv6",
  });
  const rich = networkOf("rich", {
    Options: { encrypted: "", "com.docker.network.driver.mtu": "1400" },
    Labels: { a: "b" },
    Internal: true,
    IPAM: { Config: [{ Subnet: "10.0.1.0/24" }, { Subnet: "10.0.2.0/24" }] },
  });
  expect(ownNetwork(rich, false, undefined).spec).toEqual({
    ...{ name: "rich", subnet: "10.0.1.0/24", moreSubnets: ["10.0.2.0/24"], internal: true },
    ...{ encrypted: true, options: { "com.docker.network.driver.mtu": "1400" } },
    labels: { a: "b" },
  });
});

test("an image is written with its tag; one that has only a digest keeps that", () => {
  expect(imageText("redis:7@sha256:aa")).toBe("redis:7");
  expect(imageText("127.0.0.1:5000/web@sha256:aa")).toBe("127.0.0.1:5000/web@sha256:aa");
  expect(imageText("alpine")).toBe("alpine");
});
