import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { leftByKilledRun, withoutPending } from "../../tools/setup/heal";
import { describeObjects, parseObjects } from "../../tools/setup/local-objects";
import { isAlive, isOfOurSpace, markOf, orphansOf } from "../../tools/setup/runs";
import { halfDeleted } from "../../tools/setup/settle";
import { readCheckpoint } from "../../tools/setup/stack";

const container = (id: string) => ({ kind: "container" as const, id, name: `node-${id}` });

describe("what a killed run left", () => {
  test("are objects that no resource stands for", () => {
    const state = {
      deployment: {
        resources: [
          { type: "docker:index/container:Container", id: "a" },
          { type: "pulumi:pulumi:Stack" },
        ],
      },
    };
    expect(leftByKilledRun([container("a"), container("b")], state)).toEqual([container("b")]);
    expect(leftByKilledRun([container("a")], { deployment: {} })).toEqual([container("a")]);
  });

  test("operations under way are cleared, and nothing else changes", () => {
    const resources = [{ type: "t", id: "a" }];
    const state = {
      version: 3,
      deployment: { resources, pending_operations: [{ type: "creating" }] },
    };
    expect(withoutPending(state)).toEqual({ version: 3, deployment: { resources } });
    expect(state.deployment.pending_operations).toHaveLength(1);
  });

  test("a deletion that was done but not recorded is recorded", () => {
    const one = (id: string, more: object = {}) => ({ urn: `urn:${id}`, type: "t", id, ...more });
    const state = {
      deployment: {
        resources: [one("a"), one("b"), one("c"), one("d", { delete: true })],
        pending_operations: ["a", "b", "d"].map((id) => ({ type: "deleting", resource: one(id) })),
      },
    };
    expect(withoutPending(state, new Set(["a", "c", "d"]))).toEqual({
      deployment: { resources: [one("a", { pendingReplacement: true }), one("b"), one("c")] },
    });
  });

  test("what was being deleted on this machine is known by its type and id", () => {
    const pending = (type: string, kind: string, id?: string) => ({
      type,
      resource: { type: `docker:index/${kind}`, ...(id === undefined ? {} : { id }) },
    });
    const pending_operations = [
      pending("deleting", "container:Container", "c"),
      pending("deleting", "network:Network", "n"),
      pending("deleting", "volume:Volume", "v"),
      pending("deleting", "remoteImage:RemoteImage", "i"),
      pending("creating", "container:Container"),
      pending("updating", "container:Container", "u"),
    ];
    expect(halfDeleted({ deployment: { pending_operations } })).toEqual([
      { kind: "container", id: "c" },
      { kind: "network", id: "n" },
      { kind: "volume", id: "v" },
    ]);
    expect(halfDeleted({})).toEqual([]);
  });

  test("a state without them need not be written", () => {
    expect(withoutPending({ deployment: { resources: [] } })).toBeUndefined();
    expect(withoutPending({ deployment: { pending_operations: [] } })).toBeUndefined();
    expect(withoutPending({})).toBeUndefined();
  });
});

describe("a state's file", () => {
  const file = join(mkdtempSync(join(tmpdir(), "checkpoint-")), "local.json");
  afterAll(() => rmSync(dirname(file), { recursive: true }));
  const write = (content: object) => writeFileSync(file, JSON.stringify(content));

  test("is read as an export; one without resources is empty", () => {
    const latest = { resources: [{ type: "t", id: "a" }], pending_operations: [{}] };
    write({ version: 4, checkpoint: { stack: "local", latest } });
    expect(readCheckpoint(file)).toEqual({ deployment: latest });
    write({ version: 3, checkpoint: { stack: "local" } });
    expect(readCheckpoint(file)).toEqual({ deployment: {} });
  });

  test("in another form, or none, is left to pulumi", () => {
    write({ version: 5, checkpoint: {} });
    expect(readCheckpoint(file)).toBeUndefined();
    expect(readCheckpoint(`${file}.gz`)).toBeUndefined();
  });
});

describe("orphans", () => {
  test("are processes of which any run has ended", () => {
    const processes = [
      { pid: 10, owners: ["1:a"] },
      { pid: 11, owners: ["2:b"] },
      { pid: 12, owners: ["1:a", "2:b"] },
    ];
    expect(orphansOf(processes, (mark) => mark === "1:a")).toEqual([11, 12]);
    // With the real judge: this very process runs, process 0 does not.
    const real = [
      { pid: 10, owners: [markOf(process.pid)] },
      { pid: 11, owners: ["0:1"] },
    ];
    expect(orphansOf(real, isAlive)).toEqual([11]);
  });

  test("are none of ours in another container, whose numbers mean other processes", () => {
    const spaces = new Map([
      [process.pid, "pid:[1]"],
      [10, "pid:[1]"],
      [11, "pid:[2]"],
    ]);
    const spaceOf = (pid: number) => spaces.get(pid);
    expect([10, 11, 12].map((pid) => isOfOurSpace(pid, spaceOf))).toEqual([true, false, false]);
    expect(isOfOurSpace(10, () => undefined)).toBe(true);
    // With the real one: a child of this process is beside it.
    expect(isOfOurSpace(process.ppid)).toBe(true);
  });

  test("a process id that was reused does not keep a run alive", () => {
    const start = (pid: number) => (pid === 7 ? "500" : undefined);
    expect(isAlive("7:500", start)).toBe(true);
    expect(isAlive("7:499", start)).toBe(false);
    expect(isAlive("8:500", start)).toBe(false);
  });
});

describe("objects on this machine's engine", () => {
  test("are read from docker's lines and listed in one", () => {
    const objects = [
      ...parseObjects("container", "aaa node-0\nbbb node-1\n"),
      ...parseObjects("volume", "share share\n"),
      ...parseObjects("network", ""),
    ];
    expect(objects.map(({ id }) => id)).toEqual(["aaa", "bbb", "share"]);
    expect(describeObjects(objects)).toBe("containers node-0, node-1; volume share");
  });
});
