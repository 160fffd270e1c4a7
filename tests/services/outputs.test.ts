import { describe, expect, test } from "vitest";
import { publishedPorts } from "../../components/config/environment/published-ports";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type { PlatformSpec } from "../../components/model/platform/spec";
import * as outputs from "../../components/services/outputs";
import { localEnvironment, localHost } from "../local-environment";
import { planned } from "../planned";
import { Recorder, resolved } from "../recorder";
import { plainHost } from "../swarm-of-hosts";

const platform = (name: string, spec: Partial<PlatformSpec>) => ({
  name,
  from: name,
  plan: planned(name, spec),
});
const demo = platform("demo", {
  services: {
    web: { image: "web", ports: [{ target: 80, published: 8080 }, { target: 443 }] },
    dns: { image: "dns", ports: [{ target: 53, published: 53, protocol: "udp" }] },
  },
  open: { service: "web", target: 80, path: "/start" },
});
const quiet = platform("quiet", {});
const environment = localEnvironment("e", { platforms: [quiet, demo] });

test("published ports of all protocols are listed", () => {
  expect(publishedPorts(environment)).toEqual([
    { platform: "demo", published: 8080, protocol: "tcp" },
    { platform: "demo", published: 53, protocol: "udp" },
  ]);
});

test("TCP ports have an address, and the platform's page is the one to open", async () => {
  const hosts = [plainHost(localHost("e-db"), "10.0.0.1", new Recorder().opts)];
  const urls = outputs.urls(environment, hosts);
  expect(Object.keys(urls)).toEqual(["demo_web:80"]);
  const pages = outputs.pages(environment, urls);
  expect(Object.keys(pages)).toEqual(["demo"]);
  expect(await resolved(pages.demo)).toBe("http://address-of-e-db:8080/start");
  expect(outputs.pages(localEnvironment("e"), {})).toEqual({});
});

test("the address is the first manager's, for mode host that of a runner", async () => {
  const manager = localHost("e-db", { role: "manager" });
  const worker = localHost("e-app", { labels: { web: "true" } });
  const { opts } = new Recorder();
  const hosts = [manager, worker].map((settings) => plainHost(settings, "10.0.0.1", opts));
  const url = (mode: "ingress" | "host") => {
    const placement = { constraints: ["node.labels.web == true"] };
    const ports = [{ target: 80, published: 8080, mode }];
    const web = { image: "web", endpointMode: "vip", placement, ports } as const;
    const platforms = [platform("demo", { services: { web } })];
    const all = outputs.urls(localEnvironment("e", { hosts: [manager, worker], platforms }), hosts);
    return resolved(all["demo_web:80"]);
  };
  expect(await url("ingress")).toBe("http://address-of-e-db:8080/");
  expect(await url("host")).toBe("http://address-of-e-app:8080/");
  expect(() => outputs.urls(environment, [])).toThrow("e-db is not a host");
});

test("services are listed by their real names", () => {
  expect(outputs.serviceNames(environment)).toEqual({ quiet: [], demo: ["demo_web", "demo_dns"] });
});

test("every platform with a page has its own", async () => {
  const shop = platform("shop", {
    services: { api: { image: "api", ports: [{ target: 80, published: 8090 }] } },
    open: { service: "api", target: 80 },
  });
  const both = localEnvironment("e", { platforms: [demo, shop] });
  const hosts = [plainHost(localHost("e-db"), "10.0.0.1", new Recorder().opts)];
  const pages = outputs.pages(both, outputs.urls(both, hosts));
  expect(await Promise.all(Object.values(pages).map(resolved))).toEqual([
    "http://address-of-e-db:8080/start",
    "http://address-of-e-db:8090/",
  ]);
});

describe("a page that Traefik passes on", () => {
  const network = { networks: { main: { external: true, name: "main" } } };
  const traefik = (command: readonly string[], target: number) =>
    platform("traefik", {
      ...network,
      services: {
        proxy: {
          image: "traefik:v3",
          command,
          networks: { main: {} },
          ports: [{ target, published: 8081 }],
        },
      },
    });
  const shop = (route: ServiceSpec["route"], joins = "main", open: object = {}) =>
    platform("shop", {
      networks: { ...network.networks, other: {} },
      services: { web: { image: "web", route, networks: { [joins]: {} } } },
      open: { service: "web", ...open },
    });
  const hosts = [plainHost(localHost("e-db"), "10.0.0.1", new Recorder().opts)];
  const seen = async (...platforms: readonly ReturnType<typeof platform>[]) => {
    const environment = localEnvironment("e", { platforms: [...platforms] });
    const urls = outputs.urls(environment, hosts);
    const { resolveTo } = outputs.forUp(environment, urls);
    const page = await resolved(outputs.pages(environment, urls).shop);
    return { page, to: resolveTo && (await resolved(resolveTo.shop)) };
  };
  const route = { host: "shop.example.org", port: 8000 };

  test("has the name of its route, and the port that Traefik publishes for its entry point", async () => {
    const plain = traefik(["--entryPoints.web.address=:8000"], 8000);
    expect(await seen(plain, shop(route))).toEqual({
      page: "http://shop.example.org:8081/",
      to: "address-of-e-db",
    });
    const below = shop({ ...route, path: "/api" });
    expect((await seen(plain, below)).page).toBe("http://shop.example.org:8081/api");
    const start = shop(route, "main", { path: "/start", target: 8000 });
    expect((await seen(plain, start)).page).toBe("http://shop.example.org:8081/start");
    const secure = shop({ ...route, tls: true });
    expect((await seen(traefik([], 443), secure)).page).toBe("https://shop.example.org:8081/");
  });

  test("has the usual port where no Traefik of the environment reaches the service", async () => {
    const usual = { page: "http://shop.example.org/", to: undefined };
    expect(await seen(shop(route))).toEqual(usual);
    expect(await seen(traefik([], 80), shop(route, "other"))).toEqual(usual);
    expect(await seen(traefik([], 8000), shop(route))).toEqual(usual);
  });
});

test("a service that publishes one TCP port needs no target to be opened", async () => {
  const ports = [{ target: 80, published: 8090 }, { target: 81 }];
  const shop = platform("shop", {
    services: { api: { image: "api", ports } },
    open: { service: "api" },
  });
  const one = localEnvironment("e", { platforms: [shop] });
  const hosts = [plainHost(localHost("e-db"), "10.0.0.1", new Recorder().opts)];
  const { shop: page } = outputs.pages(one, outputs.urls(one, hosts));
  expect(await resolved(page)).toBe("http://address-of-e-db:8090/");
});

test("ports that need not answer, and the age of images to remove, are outputs only when they are set", () => {
  expect(outputs.forUp(environment, {})).toEqual({});
  const spec = { ...demo.plan, rollout: { quietPorts: [8080, 9999] } };
  const quieter = localEnvironment("e", { platforms: [{ ...demo, plan: spec }] });
  expect(outputs.forUp(quieter, {})).toEqual({ quiet: ["demo_web:80"] });
  const swarm = { ...environment.swarm, pruneImages: "168h" };
  expect(outputs.forUp({ ...environment, swarm }, {})).toEqual({ pruneImages: "168h" });
});
