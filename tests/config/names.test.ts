import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, type Change, readChanged } from "./yard";

const warnings = (change: Change) => {
  const { problems, warnings } = readChanged(change);
  expect(problems).toEqual([]);
  return warnings.map(brief);
};

describe("names that lead to several services in one network", () => {
  test("the same key in two platforms that share a network", () => {
    const shared = { networks: { front: { external: true, name: "front" } } };
    const other = {
      folder: "/yard/platforms/other",
      services: { redis: { image: "redis:7", networks: { front: {} } } },
      ...shared,
    };
    expect(
      warnings({
        spec: {
          services: {
            redis: { networks: { default: {}, front: {} } },
            web: { networks: { default: {}, front: {} } },
          },
          ...shared,
        },
        values: { platforms: { other: {} } },
        more: { other },
      }),
    ).toEqual([
      [
        "platforms/other: services.redis.networks.front",
        'the name "redis" in the network front, which service redis of platform app has there too: whoever asks for it gets one or the other',
        "a name that leads to one service in each network",
        "`other_redis` where it is meant, a network of its own for what only this platform needs, or another key",
      ],
    ]);
  });

  test("the same key where nobody of the two platforms could ask for it is fine", () => {
    const shared = { networks: { front: { external: true, name: "front" } } };
    const other = {
      folder: "/yard/platforms/other",
      services: { redis: { image: "redis:7", networks: { front: {} } } },
      ...shared,
    };
    const spec = { services: { redis: { networks: { default: {}, front: {} } } }, ...shared };
    expect(warnings({ spec, values: { platforms: { other: {} } }, more: { other } })).toEqual([]);
  });

  test("an alias that is another service's key, and one that two services have", () => {
    const services: PlainMap = {
      web: { networks: { default: { aliases: ["redis", "api"] } } },
      more: { image: "more:1", networks: { default: { aliases: ["api", "api", "own"] } } },
    };
    expect(warnings({ spec: { services } }).map(([path, , , fix]) => [path, fix])).toEqual([
      ["platforms/app: services.web.networks.default", "another alias"],
      ["platforms/app: services.more.networks.default", "another alias"],
    ]);
  });

  test("the same key in networks of their own is fine", () => {
    const other = {
      folder: "/yard/platforms/other",
      services: { redis: { image: "redis:7" } },
    };
    expect(warnings({ values: { platforms: { other: {} } }, more: { other } })).toEqual([]);
  });
});

describe("what means something else in a shell, or in YAML", () => {
  const web = (service: PlainMap) =>
    warnings({ spec: { services: { web: service } } }).map(([path, found, , fix]) => [
      path?.replace("platforms/app: services.web.", ""),
      found,
      fix,
    ]);

  test.each<[PlainMap, readonly string[]]>([
    [
      { env: { "KEY ": " a" } },
      ['env["KEY "]', 'the name "KEY ", with a space in it', "`KEY`, without spaces around `=`"],
    ],
    [
      { env: { KEY: '"a"' } },
      [
        "env.KEY",
        "a value with quotes around it, which the program gets too",
        "remove these quotes",
      ],
    ],
    [
      { labels: { "traefik.enable: true": "" } },
      [
        'labels["traefik.enable: true"]',
        'the name "traefik.enable: true" without a value',
        "`traefik.enable=true`",
      ],
    ],
    [
      { command: ["echo", "a", "&&", "sleep", "1"] },
      [
        "command",
        '"&&", which only a shell understands: the program gets it as it is',
        '`[sh, -c, "echo a && sleep 1"]`',
      ],
    ],
    [
      { healthcheck: { test: ["CMD", "curl", "-f", "http://x", "||", "exit", "1"] } },
      [
        "healthcheck.test",
        '"||", which only a shell understands: the program gets it as it is',
        '`[CMD-SHELL, "curl -f http://x || exit 1"]`',
      ],
    ],
  ])("%j", (service, warning) => {
    expect(web(service)).toEqual([warning]);
  });

  test.each<PlainMap>([
    { command: ["sh", "-c", "a && b"] },
    { entrypoint: ["bash", "-ec"], command: ["a", "&&", "b"] },
    { env: { A: "it's", B: '{"a": "b"}', C: '"', D: "" } },
    { labels: { "a:b": "", "a: b": "c" } },
    { healthcheck: { test: ["CMD-SHELL", "a || b"] } },
  ])("no warning: %j", (service) => {
    expect(web(service)).toEqual([]);
  });
});
