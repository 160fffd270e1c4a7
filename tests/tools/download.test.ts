import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archiveName, checksumOf, downloadPulumi, requireSafe } from "../../tools/setup/download";
import { Progress } from "../../tools/setup/progress";
import { ensurePulumi } from "../../tools/setup/pulumi";
import { isNewEnough, pinnedVersions } from "../../tools/setup/versions";

const version = pinnedVersions().pulumi;
const file = archiveName(version, process.platform, process.arch);
const never = new AbortController().signal;

let folder: string;
let site: Server;
let base: string;
let pages: Map<string, Buffer>;

/** A Pulumi that is a script: it notes how it was called and "installs" plugins into its home. */
const fakePulumi = `#!/bin/sh
mkdir -p "$PULUMI_HOME/plugins/resource-$4-v$5"
echo "$*" >> "$PULUMI_HOME/calls"
`;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "download-"));
  pages = new Map([["/plugins/", Buffer.from("")]]);
  site = createServer((request, response) => {
    const page = pages.get(request.url ?? "");
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterEach(() => {
  site.closeAllConnections();
  site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts an archive and its checksums on the site. */
function publish(changes: { checksum?: string } = {}): void {
  const tree = join(folder, "tree", "pulumi");
  mkdirSync(tree, { recursive: true });
  writeFileSync(join(tree, "pulumi"), fakePulumi, { mode: 0o755 });
  const archive = execFileSync("tar", ["-czf", "-", "-C", join(folder, "tree"), "pulumi"]);
  const sum = changes.checksum ?? createHash("sha256").update(archive).digest("hex");
  pages.set(`/sdk/${file}`, archive);
  pages.set(`/sdk/pulumi-${version}-checksums.txt`, Buffer.from(`${sum}  ${file}\n`));
}

describe("downloadPulumi", () => {
  test("unpacks an archive whose checksum is the published one", async () => {
    publish();
    await downloadPulumi(base, version, join(folder, "cache", "v"), never);
    expect(readFileSync(join(folder, "cache", "v", "pulumi", "pulumi"), "utf8")).toBe(fakePulumi);
    expect(readdirSync(join(folder, "cache"))).toEqual(["v"]);
  });

  test("leaves nothing of an archive with a wrong checksum", async () => {
    publish({ checksum: "0".repeat(64) });
    const attempt = downloadPulumi(base, version, join(folder, "cache", "v"), never);
    await expect(attempt).rejects.toThrow(
      /has the checksum [0-9a-f]{64}, but the published one is 000/,
    );
    expect(readdirSync(join(folder, "cache"))).toEqual([]);
  });

  test("says when the site lacks the file, does not list it, or does not answer", async () => {
    const attempt = () => downloadPulumi(base, version, join(folder, "v"), never);
    await expect(attempt()).rejects.toThrow("answers 404");
    pages.set(`/sdk/pulumi-${version}-checksums.txt`, Buffer.from("abc  other.tar.gz\n"));
    await expect(attempt()).rejects.toThrow(`do not list ${file}`);
    const nowhere = downloadPulumi("http://127.0.0.1:9", version, join(folder, "v"), never);
    await expect(nowhere).rejects.toThrow("127.0.0.1:9 cannot be reached");
  });
});

test("downloads come over https, or from this machine", () => {
  for (const safe of [
    "https://mirror.example/releases",
    "http://127.0.0.1:8000",
    "http://localhost",
  ]) {
    expect(requireSafe(safe)).toBe(safe);
  }
  for (const open of ["http://mirror.example/releases", "ftp://127.0.0.1/x", "mirror.example"]) {
    expect(() => requireSafe(open)).toThrow(`SWARMYARD_DOWNLOADS is ${open}`);
  }
});

describe("ensurePulumi", () => {
  const kept = ["PATH", "SWARMYARD_DOWNLOADS", "SWARMYARD_NO_DOWNLOADS", "SWARMYARD_PULUMI"];
  let before: NodeJS.ProcessEnv;
  beforeEach(() => {
    before = { ...process.env };
    for (const name of kept.slice(1)) {
      delete process.env[name];
    }
    process.env.SWARMYARD_DOWNLOADS = base;
  });
  afterEach(() => {
    for (const name of kept) {
      if (before[name] === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = before[name];
      }
    }
  });

  const calls = (home: string) => readFileSync(join(home, "calls"), "utf8").trim().split("\n");

  test("uses the official download and installs its plugins, once", async () => {
    process.env.PATH = "/usr/bin:/bin";
    publish();
    let text = "";
    const progress = new Progress({ write: (line) => (text += line) });
    const cache = join(folder, "cache");
    const { command, home, origin } = await ensurePulumi(progress, cache);
    expect(origin).toBe("download");
    expect(command.startsWith(cache) && home.startsWith(cache)).toBe(true);
    const { docker, command: commandPlugin } = pinnedVersions().plugins;
    expect(calls(home)).toEqual([
      `plugin install resource docker ${docker} --server ${base}/plugins`,
      `plugin install resource command ${commandPlugin} --server ${base}/plugins`,
    ]);
    expect(text).toContain(`Downloading Pulumi ${version}`);
    text = "";
    await ensurePulumi(progress, cache);
    expect(text).toBe("");
    expect(calls(home)).toHaveLength(2);
  });

  test("uses a new enough Pulumi on PATH with its own home, and downloads none", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const answering = fakePulumi.replace(
      "\n",
      `\n[ "$1" = version ] && { echo v${version}; exit; }\n`,
    );
    writeFileSync(join(bin, "pulumi"), answering, { mode: 0o755 });
    writeFileSync(join(bin, "pulumi-language-nodejs"), fakePulumi, { mode: 0o755 });
    process.env.PATH = `${bin}:/usr/bin:/bin`;
    mkdirSync(join(folder, "cache", "pulumi", `home-${version}`), { recursive: true });
    const progress = new Progress({ write: () => undefined });
    const pulumi = await ensurePulumi(progress, join(folder, "cache"));
    expect(pulumi.command).toBe(join(bin, "pulumi"));
    expect(pulumi.origin).toBe("path");
    expect(existsSync(join(pulumi.home, "plugins"))).toBe(true);
    expect(existsSync(join(folder, "cache", "pulumi", `v${version}`))).toBe(false);
  });
});

describe("isNewEnough", () => {
  test.each([
    ["v3.259.0", true],
    ["3.260.1", true],
    ["v3.258.9", false],
    ["v4.0.0", false],
    ["", false],
  ])("%s against 3.259.0: %s", (found, expected) => {
    expect(isNewEnough(found, "3.259.0")).toBe(expected);
  });
});

describe("checksumOf", () => {
  test("reads both forms of a checksums file", () => {
    const sum = "ab".repeat(32);
    expect(checksumOf(`${sum}  a.tar.gz\n${sum} *b.tar.gz\n`, "b.tar.gz")).toBe(sum);
    expect(checksumOf(`${sum}  a.tar.gz\n`, "b.tar.gz")).toBeUndefined();
    expect(checksumOf("short  a.tar.gz\n", "a.tar.gz")).toBeUndefined();
  });
});
