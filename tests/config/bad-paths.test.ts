import { describe, expect, test } from "vitest";
import { readChanged } from "./yard";

describe("the path of the share", () => {
  const problems = (path: string) => readChanged({ values: { share: { path } } }).problems;

  test.each([
    "/etc",
    "/var/lib/docker",
    "/usr/share",
    "/mnt/a b",
    "/mnt/a\nb",
    "/mnt/../etc",
    "/",
    "/mnt/",
  ])("%j is refused", (path) => {
    expect(problems(path).map(({ path: where, allowed }) => [where, allowed])).toEqual([
      [
        "swarmyard:share.path",
        "an absolute path of letters, digits, `.`, `-` and `_` outside the system's folders, such as `/mnt/share`",
      ],
    ]);
  });

  test.each(["/mnt/share", "/data", "/srv/team-a/files.v2", "/etcetera"])("%s is taken", (path) => {
    expect(problems(path)).toEqual([]);
  });
});

describe("a target of a seed", () => {
  const problems = (target: string) =>
    readChanged({ spec: { volumes: { data: { seed: { [target]: "seed/first.json" } } } } })
      .problems;

  test.each(["../../etc/cron.d", "a/../../b", "..", "a/.."])("%j is refused", (target) => {
    expect(problems(target).map(({ allowed }) => allowed)).toContain(
      "a path in the volume such as `prompts`, without `..`",
    );
  });

  test.each(["prompts", "a/b..c", "..hidden", "a/...", "it's here/x.txt"])(
    "%j is taken",
    (target) => {
      expect(problems(target)).toEqual([]);
    },
  );
});
