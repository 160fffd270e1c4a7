import { expect, test } from "vitest";
import { route } from "../../../platforms/traefik/route";

test("a route is the labels that Traefik reads of a service", () => {
  expect(route("shop", "shop.example.org", 8000)).toEqual({
    labels: {
      "traefik.enable": "true",
      "traefik.http.routers.shop.rule": "Host(`shop.example.org`)",
      "traefik.http.routers.shop.entrypoints": "web",
      "traefik.http.services.shop.loadbalancer.server.port": "8000",
    },
  });
});
