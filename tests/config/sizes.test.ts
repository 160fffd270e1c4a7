import { describe, expect, test } from "vitest";
import { brief, type Change, readChanged } from "./yard";

const sized = (size: number): Change => ({ world: { size: () => size } });
const secretFile = { spec: { secrets: { password: { random: null, file: "key.p12" } } } };

describe("Sizes of secrets and configs", () => {
  test.each([
    [
      "a config of 1000 KiB",
      sized(1_024_000),
      "configs.settings.file",
      "settings.json has 1,024,000 bytes",
    ],
    ["an empty config", sized(0), "configs.settings.file", "settings.json has 0 bytes"],
    [
      "a secret of 500 KiB",
      { ...secretFile, ...sized(512_000) },
      "secrets.password.file",
      "key.p12 has 512,000 bytes",
    ],
    [
      "an empty secret",
      { ...secretFile, ...sized(0) },
      "secrets.password.file",
      "key.p12 has 0 bytes",
    ],
  ])("fails with file and size: %s", (_, change, place, found) => {
    const { problems } = readChanged(change);
    const own = problems.filter(({ path }) => path.endsWith(place));
    expect(own.map((one) => one.found)).toEqual([`platforms/app/${found}`]);
  });

  test("an empty config in the platform itself fails", () => {
    const { problems } = readChanged({
      spec: { configs: { settings: { file: null, content: "" } } },
    });
    expect(problems.map(brief)).toEqual([
      [
        "platforms/app: configs.settings.content",
        "it has 0 bytes",
        "1 to 1,023,999 bytes, which is what swarm takes in a config",
        "leave the config out, or write a line into it",
      ],
    ]);
  });

  test.each([
    ["the largest config", sized(1_023_999)],
    ["the largest secret", { ...secretFile, ...sized(511_999) }],
  ])("takes %s", (_, change) => {
    expect(readChanged(change)).toMatchObject({ problems: [], warnings: [] });
  });

  test("warns of more in one service than a node can be sent at once", () => {
    const keys = Array.from({ length: 12 }, (_, index) => `big${index}`);
    const all = <T>(value: (key: string) => T) =>
      Object.fromEntries(keys.map((key) => [`/${key}`.slice(1), value(key)]));
    const { problems, warnings } = readChanged({
      spec: {
        secrets: all((key) => ({ file: key })),
        services: { web: { secrets: all((source) => ({ source })) } },
      },
      world: { size: (path) => (path.includes("big") ? 450_000 : 10) },
    });
    expect(problems).toEqual([]);
    expect(warnings.map(({ path, found }) => [path, found])).toEqual([
      ["platforms/app: services.web", "secrets and configs of 5,400,010 bytes together"],
    ]);
  });
});
