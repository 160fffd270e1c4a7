import { expect, test } from "vitest";
import { parseCount } from "../connections";
import { parseStat, readStat, treeOf } from "../process-tree";
import { parseTasks, replaced, shortfall } from "../tasks";

function stat(pid: number, parent: number, pages: number, name = "node"): string {
  const fields = [parent, ...new Array(11).fill(0), 30, 12, ...new Array(6).fill(0), pages];
  return `${pid} (${name}) S ${fields.join(" ")} 0`;
}

test("reads a process, also with spaces and parentheses in its name", () => {
  expect(parseStat(stat(7, 3, 100, "a (b) c"))).toEqual({
    pid: 7,
    parent: 3,
    pages: 100,
    childTicks: 42,
  });
  expect(parseStat("")).toBeUndefined();
});

test("reads our own process as Linux shows it", () => {
  const own = readStat("self");
  if (process.platform !== "linux") return expect(own).toBeUndefined();
  const kilobytes = process.memoryUsage().rss / 1024;
  expect(own).toMatchObject({ pid: process.pid, parent: process.ppid });
  expect((own?.pages ?? 0) * 4).toBeGreaterThan(kilobytes / 4);
  expect((own?.pages ?? 0) * 4).toBeLessThan(kilobytes * 4);
});

test("a tree is a process and all below it, no other", () => {
  const all = [stat(1, 0, 5), stat(4, 2, 7), stat(2, 1, 9), stat(3, 1, 1)].map(
    (line) => parseStat(line) as NonNullable<ReturnType<typeof parseStat>>,
  );
  expect(treeOf(2, all).map(({ pid }) => pid)).toEqual([2, 4]);
  expect(treeOf(99, all)).toEqual([]);
});

test("counts packets of our rule for this subnet", () => {
  const listing = [
    "Chain INPUT (policy ACCEPT 10 packets, 20 bytes)",
    "    pkts      bytes target     prot opt in     out     source               destination",
    "      12      720            tcp  --  *      *       10.1.0.0/16          0.0.0.0/0            tcp spt:22 flags:0x12/0x12 /* swarmyard-bench */",
    "       3      720            tcp  --  *      *       10.2.0.0/16          0.0.0.0/0            tcp spt:22 flags:0x12/0x12 /* swarmyard-bench */",
  ].join("\n");
  expect(parseCount(listing, "10.2.0.0/16")).toBe(3);
  expect(parseCount(listing, "10.3.0.0/16")).toBeUndefined();
  expect(parseCount("", "10.2.0.0/16")).toBeUndefined();
});

test("tasks: those that run, with their version; replaced are those that are gone", () => {
  const task = (ID: string, State: string, VERSION: string) => ({
    ID,
    ServiceID: "s",
    Status: { State },
    Spec: { ContainerSpec: { Env: ["A=b", `VERSION=${VERSION}`] } },
  });
  const before = parseTasks(JSON.stringify([task("a", "running", "1"), task("b", "running", "1")]));
  const after = parseTasks(
    JSON.stringify([
      task("b", "running", "1"),
      task("c", "running", "2"),
      task("d", "failed", "2"),
    ]),
  );
  expect(before.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(replaced(before, after)).toBe(1);
  const wanted = { services: 2, replicas: 1, version: "2" };
  expect(shortfall(after, wanted)).toMatch(/1 tasks run with another version/);
  expect(shortfall(after, { ...wanted, replicas: 2 })).toBe("2 tasks run, not 4");
  expect(shortfall(after.slice(1), { ...wanted, services: 1 })).toBeUndefined();
});
