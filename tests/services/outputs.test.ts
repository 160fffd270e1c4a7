import { expect, test } from "vitest";
import type { PlatformSettings } from "../../components/config/environment";
import * as outputs from "../../components/services/outputs";
import { localEnvironment } from "../local-environment";

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

test("TCP ports have an address, and the platform's page is the one to open", () => {
  const urls = outputs.urls(environment, (port) => `127.0.0.1:${port + 1000}`);
  expect(urls).toEqual({ "demo_web:80": "http://127.0.0.1:9080/" });
  expect(outputs.openUrl(environment, urls)).toBe("http://127.0.0.1:9080/start");
  expect(outputs.openUrl(localEnvironment("e"), {})).toBeUndefined();
});

test("services are listed by their real names", () => {
  expect(outputs.serviceNames(environment)).toEqual({ quiet: [], demo: ["demo_web", "demo_dns"] });
});
