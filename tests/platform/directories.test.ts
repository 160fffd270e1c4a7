import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { directoryScript } from "../../components/platform/directories";
import { mountedAbove, mountedFolders } from "../../components/platform/mounted";
import { seedScript } from "../../components/platform/seed";
import { planned } from "../planned";

let folder: string;
const at = (name: string) => path.join(folder, name);
const modeOf = (name: string) => (fs.statSync(at(name)).mode & 0o7777).toString(8);

beforeEach(() => {
  // As nodes know it: the temporary folder may be behind a link.
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "directories-")));
  fs.mkdirSync(at("elsewhere"), { mode: 0o755 });
  fs.mkdirSync(at("mounted"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function run(script: string): void {
  execFileSync("bash", ["-euo", "pipefail", "-c", script], { stdio: "pipe" });
}

const below = (name: string, mode = 0o700) =>
  directoryScript({ path: at(name), mounted: at("mounted"), mode });

describe("a directory that no container can reach from above", () => {
  test("has the script that it always had", () => {
    expect(directoryScript({ path: "/srv/it's", owner: "999:999", mode: 0o750 })).toBe(
      "mkdir -p '/srv/it'\\''s'\nchown '999:999' '/srv/it'\\''s'\nchmod 0750 '/srv/it'\\''s'\n",
    );
    expect(directoryScript({ path: "/srv/a" })).toBe("mkdir -p '/srv/a'\n");
    expect(directoryScript({ path: "/srv/a/b", mounted: "/srv/a" })).toBe("mkdir -p '/srv/a/b'\n");
  });
});

describe("a directory in a folder that containers write into", () => {
  test("is made with all above it, and gets its mode, however often", () => {
    run(below("mounted/a/it's b"));
    run(below("mounted/a/it's b", 0o750));
    expect(modeOf("mounted/a/it's b")).toBe("750");
    expect(modeOf("mounted/a")).not.toBe("750");
  });

  test("is made where the folder itself does not exist yet, or is behind a link of the operator's", () => {
    fs.rmdirSync(at("mounted"));
    run(below("mounted/a"));
    expect(modeOf("mounted/a")).toBe("700");
    fs.symlinkSync(at("mounted"), at("short"));
    run(directoryScript({ path: at("short/b"), mounted: at("short"), mode: 0o711 }));
    expect(modeOf("mounted/b")).toBe("711");
  });

  test.each([
    ["in its place", "mounted/a", "elsewhere", "mounted/a"],
    ["above it", "mounted/a", "elsewhere", "mounted/a/b/c"],
    ["to what does not exist", "mounted/a", "nowhere", "mounted/a"],
  ])(
    "is refused when a container made a link %s, and nothing changes there",
    (_, link, to, name) => {
      fs.symlinkSync(at(to), at(link));
      expect(() => run(below(name))).toThrow(
        `${at(link)} leads elsewhere through a symbolic link: remove the link`,
      );
      expect(modeOf("elsewhere")).toBe("755");
      expect(fs.readdirSync(at("elsewhere"))).toEqual([]);
      expect(fs.existsSync(at("nowhere"))).toBe(false);
    },
  );

  test("is not filled through such a link either", () => {
    fs.writeFileSync(at("staged"), "text");
    const entries = [{ target: "file", staged: at("staged"), isFolder: false }];
    const place = {
      volume: "v",
      sharedFolder: at("mounted/data"),
      mounted: at("mounted"),
      directory: { mode: 0o700 },
    };
    run(seedScript(entries, place));
    expect(fs.readFileSync(at("mounted/data/file"), "utf8")).toBe("text");
    expect(modeOf("mounted/data")).toBe("700");
    fs.rmSync(at("mounted/data"), { recursive: true });
    fs.symlinkSync(at("elsewhere"), at("mounted/data"));
    expect(() => run(seedScript(entries, place))).toThrow("leads elsewhere");
    expect(fs.readdirSync(at("elsewhere"))).toEqual([]);
    expect(modeOf("elsewhere")).toBe("755");
  });
});

test("containers write into bound folders and volumes, but not into what is mounted read-only", () => {
  const bind = (source: string, readOnly = false) => ({ type: "bind", source, readOnly }) as const;
  const plan = planned("app", {
    volumes: {
      data: { driverOptions: { type: "none", o: "bind", device: "/srv/data" } },
      nfs: { driverOptions: { type: "nfs", o: "addr=10.0.0.9", device: ":/export" } },
    },
    services: {
      web: {
        image: "web",
        mounts: {
          "/a": bind("/srv/../srv/web/"),
          "/b": bind("/srv/read", true),
          "/c": bind("/"),
        },
      },
    },
  });
  expect(mountedFolders([plan, plan])).toEqual(["/srv/data", "/srv/web"]);
});

test("the highest mounted folder counts, and none is in itself", () => {
  const folders = ["/srv/web/deep", "/srv/web"];
  expect(mountedAbove("/srv/web/deep/er/", folders)).toBe("/srv/web");
  expect(mountedAbove("/srv/web", folders)).toBeUndefined();
  expect(mountedAbove("/srv/website", folders)).toBeUndefined();
});
