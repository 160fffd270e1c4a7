import { expect, test } from "vitest";
import { publishedPorts } from "../../components/config/environment/published-ports";
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

test("ports that need not answer, and the age of images to remove, are outputs only when they are set", () => {
  expect(outputs.forUp(environment)).toEqual({});
  const spec = { ...demo.plan, rollout: { quietPorts: [8080, 9999] } };
  const quieter = localEnvironment("e", { platforms: [{ ...demo, plan: spec }] });
  expect(outputs.forUp(quieter)).toEqual({ quiet: ["demo_web:80"] });
  const swarm = { ...environment.swarm, pruneImages: "168h" };
  expect(outputs.forUp({ ...environment, swarm })).toEqual({ pruneImages: "168h" });
});
