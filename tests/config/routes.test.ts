import { expect, test } from "vitest";
import { brief, readChanged } from "./yard";

const web = "platforms/app: services.web.route";
const to = (route: unknown, more: object = {}) => ({ services: { web: { route, ...more } } });

test.each([
  [
    "to several ports",
    to("a.example.org", { ports: [{ target: 80, published: 8080 }, { target: 81 }] }),
    [
      [
        web,
        "a route to service web without a port; the service has the ports 80, 81",
        "the port on which the service listens",
        "`route: { host: a.example.org, port: 80 }`",
      ],
    ],
  ],
  [
    "to no port",
    { services: { redis: { route: "a.example.org" } } },
    [
      [
        "platforms/app: services.redis.route",
        "a route to service redis without a port; the service publishes no port",
        "the port on which the service listens",
        "`route: { host: a.example.org, port: 8000 }`",
      ],
    ],
  ],
  [
    "of the same host",
    {
      services: {
        redis: { route: { host: "A.example.org", port: 1 } },
        web: { route: "a.example.org" },
      },
    },
    [
      [
        web,
        "a.example.org, which leads to service redis of platform app already",
        "something that no other route has",
        "another host or `path`",
      ],
    ],
  ],
  [
    "of the same name",
    {
      services: {
        redis: { route: { host: "a.example.org", port: 1, name: "app_web" } },
        web: { route: "b.example.org" },
      },
    },
    [
      [
        web,
        'the name "app_web", which the route of service redis of platform app has already',
        "something that no other route has",
        "another `name`",
      ],
    ],
  ],
  [
    "to a name that is not valid",
    to("a b"),
    [[web, '"a b"', "a host name such as `shop.example.org`", "`route: shop.example.org`"]],
  ],
])("a route is refused: %s", (_name, spec, expected) => {
  expect(readChanged({ spec }).problems.map(brief)).toEqual(expected);
});

test("two routes of one host differ by their paths", () => {
  const services = {
    redis: { route: { host: "a.example.org", path: "/r", port: 1 } },
    web: { route: "a.example.org" },
  };
  expect(readChanged({ spec: { services } }).problems).toEqual([]);
});

const outer = { networks: { out: { external: true, name: "main_network" } } };
const traefik = {
  folder: "/",
  ...outer,
  services: { traefik: { image: "traefik:v3.7", networks: { out: {} } } },
};

test("a route without Traefik is warned of", () => {
  expect(readChanged({ spec: to("a.example.org") }).warnings.map(brief)).toEqual([
    [
      web,
      "a route to service web, and no service of Traefik in this environment",
      "a network that the service and Traefik join",
      "`traefik: {}` and `main-network: {}` in swarmyard:platforms, and the network main_network for the service",
    ],
  ]);
});

test("so is one outside of Traefik's networks, and none inside", () => {
  const values = { platforms: { traefik: {} } };
  const more = { traefik };
  const apart = readChanged({ values, more, spec: to("a.example.org") });
  expect(apart.warnings.map(brief).filter(([path]) => path === web)).toEqual([
    [
      web,
      "a route to service web, which joins no network of Traefik",
      "a network that the service and Traefik join",
      "a network with `external: true, name: main_network`, and the service in it",
    ],
  ]);
  const spec = { ...to("a.example.org", { networks: { out: {}, default: {} } }), ...outer };
  const together = readChanged({ values, more, spec });
  expect(together.problems).toEqual([]);
  expect(together.warnings.map(brief).filter(([path]) => path === web)).toEqual([]);
});
