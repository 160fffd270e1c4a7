import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

// Name, what is changed, and for each problem: path, found, allowed, fix.
const cases: readonly [string, Change, readonly (readonly string[])[]][] = [
  [
    "a secret without source",
    { spec: { secrets: { password: { random: null } } } },
    [
      [
        "platforms/app: secrets.password",
        "no source",
        "exactly one of random, config, file, external, previous",
        "`random: 32`",
      ],
    ],
  ],
  [
    "a rotation of a secret that is not random",
    { spec: { secrets: { password: { random: null, config: "apiToken", rotate: "b" } } } },
    [
      [
        "platforms/app: secrets.password.rotate",
        "rotate without random",
        "`rotate` only beside `random`; any other secret changes with its source",
        "remove `rotate`",
      ],
    ],
  ],
  [
    "the previous value of no random secret",
    { spec: { secrets: { before: { previous: "token" } } } },
    [
      [
        "platforms/app: secrets.before.previous",
        '"token", which is not a random secret',
        "a secret with `random`, whose values are generated here",
        "`previous: password`",
      ],
    ],
  ],
  [
    "the previous value of a secret that is not there",
    { spec: { secrets: { before: { previous: "passwrod" } } } },
    [
      [
        "platforms/app: secrets.before.previous",
        '"passwrod", which is not in the platform\'s `secrets`',
        "password, token, before",
        "did you mean `password`?",
      ],
    ],
  ],
  [
    "a secret with two sources",
    { spec: { secrets: { password: { file: "password" } } } },
    [
      [
        "platforms/app: secrets.password",
        "2 sources: random, file",
        "exactly one of random, config, file, external, previous",
        "only one of random, file",
      ],
    ],
  ],
  [
    "a secret under the name of a setting",
    { spec: { secrets: { token: { config: "hosts" } } } },
    [
      [
        "platforms/app: secrets.token.config",
        '"hosts", which is a setting',
        "any key but base, prefix, timeToLive, protected, hosts, share, registry, registries, swarm, aws, standIns, platforms",
        "another key",
      ],
    ],
  ],
  [
    "missing files",
    { world: { exists: () => false } },
    [
      [
        "platforms/app: configs.settings.file",
        '"settings.json", but there is no platforms/app/settings.json',
        "a file in the platform's folder",
        "make /yard/platforms/app/settings.json",
      ],
      [
        'platforms/app: volumes.data.seed["first.json"]',
        '"seed/first.json", but there is no platforms/app/seed/first.json',
        "a file or folder in the platform's folder",
        "make /yard/platforms/app/seed/first.json",
      ],
      [
        "platforms/app: images.web.context",
        '"web", but there is no platforms/app/web',
        "a folder in the platform's folder",
        "make /yard/platforms/app/web",
      ],
    ],
  ],
  [
    "a missing Dockerfile",
    { world: { exists: (path: string) => !path.endsWith("Dockerfile") } },
    [
      [
        "platforms/app: images.web.context",
        '"web/Dockerfile", but there is no platforms/app/web/Dockerfile',
        "a Dockerfile in the platform's folder",
        "make /yard/platforms/app/web/Dockerfile",
      ],
    ],
  ],
  [
    "a shared volume with options of a driver",
    { spec: { volumes: { data: { driverOptions: { o: "x" } } } } },
    [
      [
        "platforms/app: volumes.data.driverOptions",
        "driverOptions next to shared: true",
        "`shared` or `driverOptions`: the share has its own options",
        "remove `driverOptions`",
      ],
    ],
  ],
];

describe("Sources that are missing or not clear", () => {
  test.each(cases)("fails: %s", (_name, change, expected) => {
    const { environment, problems } = readChanged(change);
    expect(problems.map(brief)).toEqual(expected);
    expect(environment).toBeUndefined();
  });
});
