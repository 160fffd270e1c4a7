import { describe, expect, test } from "vitest";
import { brief, readChanged } from "./yard";

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

describe("a seed or a directory", () => {
  const volume = (data: object) =>
    readChanged({
      spec: { volumes: { data: { shared: null, seed: null, ...data } } },
    }).problems.map(brief);
  const nfs = { driverOptions: { type: "nfs", o: "addr=10.0.0.1,rw", device: ":/data" } };
  const bind = { driverOptions: { type: "none", o: "bind", device: "/srv/data" } };

  test("is refused where the volume has no folder before a task mounts it", () => {
    const seed = { "first.json": "seed/first.json" };
    expect(volume({ ...nfs, seed })).toEqual([
      [
        "platforms/app: volumes.data.seed",
        "a seed for a volume that is only there while a task mounts it",
        "`seed` for a volume on the share, one that binds a directory, or a plain one",
        "remove `seed`",
      ],
    ]);
    expect(volume({ directory: { owner: "1000" } }).map(([path]) => path)).toEqual([
      "platforms/app: volumes.data.directory",
    ]);
  });

  test("is taken where it has one", () => {
    const seed = { "first.json": "seed/first.json" };
    const directory = { owner: "1000:1000", mode: "0750" };
    expect(volume({ ...bind, seed, directory })).toEqual([]);
    expect(volume({ shared: true, seed, directory })).toEqual([]);
    expect(volume({ seed })).toEqual([]);
    expect(volume(nfs)).toEqual([]);
  });
});
