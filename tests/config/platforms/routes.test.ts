import { describe, expect, test } from "vitest";
import { routeLabels, routeOf } from "../../../components/config/platforms/routes";
import type { ServiceSpec } from "../../../components/model/platform/service-spec";
import { planned } from "../../planned";

const labels = (service: Pick<ServiceSpec, "route" | "ports">) =>
  routeLabels(routeOf(service, "shop_web"));

describe("a route becomes Traefik's labels", () => {
  test("a host name alone goes to the service's only port", () => {
    expect(labels({ route: "shop.example.org", ports: [{ target: 8000 }] })).toEqual({
      "traefik.enable": "true",
      "traefik.http.routers.shop_web.rule": "Host(`shop.example.org`)",
      "traefik.http.routers.shop_web.entrypoints": "web",
      "traefik.http.services.shop_web.loadbalancer.server.port": "8000",
    });
  });

  test("with everything that it can say", () => {
    const route = {
      host: "shop.example.org",
      path: "/api",
      port: 81,
      entryPoint: "inner",
      resolver: "main",
      name: "api",
    };
    expect(labels({ route, ports: [{ target: 8000 }] })).toEqual({
      "traefik.enable": "true",
      "traefik.http.routers.api.rule": "Host(`shop.example.org`) && PathPrefix(`/api`)",
      "traefik.http.routers.api.entrypoints": "inner",
      "traefik.http.routers.api.tls": "true",
      "traefik.http.routers.api.tls.certresolver": "main",
      "traefik.http.services.api.loadbalancer.server.port": "81",
    });
  });

  test.each([
    [{ host: "a.example.org", port: 80, tls: true }, "websecure"],
    [{ host: "a.example.org", port: 80, resolver: "main" }, "websecure"],
    [{ host: "a.example.org", port: 80, resolver: "main", tls: false }, "web"],
  ])("%j is at %s", (route, entryPoint) => {
    expect(labels({ route })["traefik.http.routers.shop_web.entrypoints"]).toBe(entryPoint);
  });

  test("a dot in the service's name does not get into a label", () => {
    expect(routeOf({ route: { host: "a", port: 1 } }, "shop_web.v2")?.name).toBe("shop_web-v2");
  });

  test("without a route there are none", () => {
    expect(labels({ ports: [{ target: 8000 }] })).toEqual({});
  });
});

test("a service's own labels win over those of its route, and the plan has no route", () => {
  const own = { "traefik.http.routers.shop_web.entrypoints": "mine", other: "1" };
  const web = { image: "a:1", route: { host: "shop.example.org", port: 80 }, labels: own };
  const plan = planned("shop", { services: { web } }).services.web;
  expect(plan?.labels).toEqual({
    "com.docker.stack.namespace": "shop",
    "traefik.enable": "true",
    "traefik.http.routers.shop_web.rule": "Host(`shop.example.org`)",
    "traefik.http.routers.shop_web.entrypoints": "mine",
    "traefik.http.services.shop_web.loadbalancer.server.port": "80",
    other: "1",
  });
  expect(plan).not.toHaveProperty("route");
});
