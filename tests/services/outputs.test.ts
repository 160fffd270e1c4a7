import { expect, test } from "vitest";
import type { PlatformSettings } from "../../components/config/environment/environment";
import * as outputs from "../../components/services/outputs";
import { localEnvironment, localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainHost } from "../swarm-of-hosts";

const demo: PlatformSettings = {
  name: "demo",
  spec: {
    folder: "/",
    services: {
      web: { image: "web", ports: [{ target: 80, published: 8080 }, { target: 443 }] },
      dns: { image: "dns", ports: [{ target: 53, published: 53, protocol: "udp" }] },
    },
    open: { service: "web", target: 80, path: "/start" },
  },
};
const quiet: PlatformSettings = { name: "quiet", spec: { folder: "/", services: {} } };
const environment = localEnvironment("e", { platforms: [quiet, demo] });

test("published ports of all protocols are listed", () => {
  expect(outputs.publishedPorts(environment)).toEqual([
    { platform: "demo", published: 8080, protocol: "tcp" },
    { platform: "demo", published: 53, protocol: "udp" },
  ]);
});

test("TCP ports have an address, and the platform's page is the one to open", async () => {
  const hosts = [plainHost(localHost("e-db"), "10.0.0.1", new Recorder().opts)];
  const urls = outputs.urls(environment, hosts);
  expect(Object.keys(urls)).toEqual(["demo_web:80"]);
  const open = outputs.openUrl(environment, urls);
  expect(await resolved(open)).toBe("http://address-of-e-db:8080/start");
  expect(outputs.openUrl(localEnvironment("e"), {})).toBeUndefined();
});

test("the address is the first manager's, for mode host that of a runner", async () => {
  const manager = localHost("e-db", { role: "manager" });
  const worker = localHost("e-app", { labels: { web: "true" } });
  const { opts } = new Recorder();
  const hosts = [manager, worker].map((settings) => plainHost(settings, "10.0.0.1", opts));
  const url = (mode: "ingress" | "host") => {
    const placement = { constraints: ["node.labels.web == true"] };
    const web = { image: "web", placement, ports: [{ target: 80, published: 8080, mode }] };
    const platforms = [{ name: "demo", spec: { folder: "/", services: { web } } }];
    const all = outputs.urls(localEnvironment("e", { hosts: [manager, worker], platforms }), hosts);
    return resolved(all["demo_web:80"]);
  };
  expect(await url("ingress")).toBe("http://address-of-e-db:8080/");
  expect(await url("host")).toBe("http://address-of-e-app:8080/");
  expect(await resolved(outputs.sshLines(hosts)["e-db"])).toBe(
    "ssh -i operator.key -p 20001 root@127.0.0.1",
  );
  expect(() => outputs.urls(environment, [])).toThrow("e-db is not a host");
});

test("services are listed by their real names", () => {
  expect(outputs.serviceNames(environment)).toEqual({ quiet: [], demo: ["demo_web", "demo_dns"] });
});
