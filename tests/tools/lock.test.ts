import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clearLocks, judgeLocks } from "../../tools/setup/lock";

const lock = (pid: number, machine: string) => ({
  file: `/locks/${pid}.json`,
  pid,
  hostname: machine,
  username: "ann",
});

describe("judgeLocks", () => {
  test("a lock of this machine without its process is stale, all others are valid", () => {
    const locks = [lock(1, "here"), lock(2, "here"), lock(3, "there")];
    const { stale, held } = judgeLocks(locks, "here", (pid) => pid === 1);
    expect(stale.map(({ pid }) => pid)).toEqual([2]);
    expect(held.map(({ pid }) => pid)).toEqual([1, 3]);
  });
});

describe("clearLocks", () => {
  let backend: string;
  let folder: string;
  beforeEach(() => {
    backend = mkdtempSync(join(tmpdir(), "locks-"));
    folder = join(backend, ".pulumi", "locks", "organization", "swarmyard", "local");
    mkdirSync(folder, { recursive: true });
  });
  afterEach(() => rmSync(backend, { recursive: true, force: true }));

  function write(name: string, content: unknown): string {
    const file = join(folder, `${name}.json`);
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(file, text);
    return file;
  }

  test("removes the lock of a process that has ended", () => {
    const pid = Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
    const file = write("a", { pid, hostname: hostname(), username: "ann" });
    writeFileSync(`${file}.attrs`, "{}");
    expect(clearLocks(backend, "swarmyard", "local")).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("removes one that was half written", () => {
    write("a", '{"pid": 12');
    expect(clearLocks(backend, "swarmyard", "local")).toBe(1);
  });

  test("removes one whose process id was reused by another program", () => {
    write("a", { pid: process.ppid, hostname: hostname(), username: "ann" });
    expect(clearLocks(backend, "swarmyard", "local")).toBe(process.platform === "linux" ? 1 : 0);
  });

  test("says who holds one on another machine, and keeps it", () => {
    const file = write("a", { pid: 12, hostname: "elsewhere", username: "ann" });
    expect(() => clearLocks(backend, "swarmyard", "local")).toThrow(
      "process 12 of ann on elsewhere",
    );
    expect(existsSync(file)).toBe(true);
  });

  test("there may be none", () => {
    expect(clearLocks(backend, "swarmyard", "other")).toBe(0);
  });
});
