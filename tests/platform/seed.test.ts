import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seedScript, stageOf } from "../../components/platform/seed";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "seed-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  const target = path.join(folder, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
}
const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");

function run(): void {
  const script = seedScript(
    [
      { target: "config/rbac", staged: path.join(folder, "stage/rbac"), isFolder: true },
      { target: "it's here/model.txt", staged: path.join(folder, "stage/model"), isFolder: false },
    ],
    { volume: "demo_data", sharedFolder: path.join(folder, "share/demo/data") },
  );
  execFileSync("bash", ["-euo", "pipefail", "-c", script]);
}

test("what is seeded has the bytes of its file, whatever they are", () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  write("stage/rbac/policy.csv", "");
  fs.writeFileSync(path.join(folder, "stage/model"), bytes);
  run();
  const seeded = (file: string) => fs.readFileSync(path.join(folder, "share/demo/data", file));
  expect(seeded("it's here/model.txt").equals(bytes)).toBe(true);
  expect(seeded("config/rbac/policy.csv").length).toBe(0);
});

describe("seedScript", () => {
  beforeEach(() => {
    write("stage/rbac/policy.csv", "new");
    write("stage/rbac/deep/model.conf", "deep");
    write("stage/model", "model");
  });

  test("puts files and folders into the volume", () => {
    run();
    expect(read("share/demo/data/config/rbac/policy.csv")).toBe("new");
    expect(read("share/demo/data/config/rbac/deep/model.conf")).toBe("deep");
    expect(read("share/demo/data/it's here/model.txt")).toBe("model");
  });

  test("never overwrites existing files, however often it runs", () => {
    write("share/demo/data/config/rbac/policy.csv", "edited by hand");
    run();
    write("stage/model", "another model");
    run();
    expect(read("share/demo/data/config/rbac/policy.csv")).toBe("edited by hand");
    expect(read("share/demo/data/it's here/model.txt")).toBe("model");
  });
});

test("a link that a container put in the way stops the seed before it writes anything", () => {
  write("stage/rbac/policy.csv", "new");
  write("stage/model", "model");
  write("outside/kept", "as it was");
  for (const [link, to] of [
    ["config", "outside"],
    ["it's here", "nowhere/else"],
  ] as const) {
    fs.rmSync(path.join(folder, "share"), { recursive: true, force: true });
    fs.mkdirSync(path.join(folder, "share/demo/data"), { recursive: true });
    fs.symlinkSync(path.join(folder, to), path.join(folder, "share/demo/data", link));
    expect(run).toThrow("leads out of the volume through a symbolic link");
    expect(fs.readdirSync(path.join(folder, "outside"))).toEqual(["kept"]);
    expect(fs.existsSync(path.join(folder, "nowhere"))).toBe(false);
  }
});

test.each([
  ["a link to a folder outside", "outside"],
  ["a link to nothing", "outside/new"],
  ["a link to a file outside", "outside/kept"],
])("%s in the place of a file stays, and nothing is written where it leads", (_, to) => {
  write("stage/rbac/policy.csv", "new");
  write("stage/model", "model");
  write("outside/kept", "as it was");
  fs.mkdirSync(path.join(folder, "share/demo/data/it's here"), { recursive: true });
  const link = path.join(folder, "share/demo/data/it's here/model.txt");
  fs.symlinkSync(path.join(folder, to), link);
  run();
  expect(fs.readlinkSync(link)).toBe(path.join(folder, to));
  expect(fs.readdirSync(path.join(folder, "outside"))).toEqual(["kept"]);
  expect(read("outside/kept")).toBe("as it was");
  expect(read("share/demo/data/config/rbac/policy.csv")).toBe("new");
});

test("a folder in the place of a file stays as it is", () => {
  write("stage/rbac/policy.csv", "new");
  write("stage/model", "model");
  write("share/demo/data/it's here/model.txt/kept", "as it was");
  run();
  expect(fs.readdirSync(path.join(folder, "share/demo/data/it's here/model.txt"))).toEqual([
    "kept",
  ]);
});

test.each(["outside", "outside/new"])("a link to %s deep in a folder is not followed", (to) => {
  write("stage/rbac/policy.csv", "new");
  write("stage/rbac/deep/model.conf", "deep");
  write("stage/model", "model");
  write("outside/kept", "as it was");
  for (const name of ["deep", "policy.csv"]) {
    fs.rmSync(path.join(folder, "share"), { recursive: true, force: true });
    fs.mkdirSync(path.join(folder, "share/demo/data/config/rbac"), { recursive: true });
    fs.symlinkSync(path.join(folder, to), path.join(folder, "share/demo/data/config/rbac", name));
    try {
      run();
    } catch {
      // Some versions of cp fail at such a link, others pass over it.
    }
    expect(fs.readdirSync(path.join(folder, "outside"))).toEqual(["kept"]);
  }
});

test("a volume that is itself behind a link is filled, and links within it are followed", () => {
  write("stage/rbac/policy.csv", "new");
  write("stage/rbac/deep/model.conf", "deep");
  write("stage/model", "model");
  write("disk/demo/data/real/kept", "");
  fs.symlinkSync(path.join(folder, "disk"), path.join(folder, "share"));
  fs.symlinkSync("real", path.join(folder, "disk/demo/data/config"));
  run();
  expect(read("disk/demo/data/real/rbac/policy.csv")).toBe("new");
});

test("the stage lives where the data lives", () => {
  const host = { store: "/var/lib/docker" };
  expect(stageOf(host, { volume: "demo_data", sharedFolder: "/mnt/share/demo/data" })).toBe(
    "/mnt/share/demo/.seed/demo_data",
  );
  expect(stageOf(host, { volume: "demo_data" })).toBe("/var/lib/docker/swarmyard-seed/demo_data");
});
