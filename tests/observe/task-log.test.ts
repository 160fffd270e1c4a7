import { expect, test } from "vitest";
import type { EngineClient } from "../../components/engine/client";
import type { LiveTask } from "../../components/engine/live";
import { lastLog } from "../../components/observe/task-log";
import { contextWith } from "../provider/service/stub-context";

/** A piece of a log as Docker engines send it; stream 1 is the task's, 3 the Docker engine's own. */
const framed = (text: string, stream = 1) =>
  Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);

const FORGOTTEN = Object.assign(new Error("HTTP code 404"), {
  statusCode: 404,
  json: { message: "task t1 not found" },
});

const task = (n: number, state = "failed"): LiveTask => ({
  ID: `t${n}`,
  ServiceID: "s",
  NodeID: "n1",
  CreatedAt: `2026-01-01T00:00:0${n}Z`,
  Status: { State: state },
});

/** The lines for task 1 of a crash loop, whose tasks' logs are these; asks for what it reads are noted. */
async function linesOf(
  logs: { readonly [id: string]: Buffer | Error },
  tasks: readonly LiveTask[] = [],
  first = task(1),
) {
  const asked: string[] = [];
  const engine: Pick<EngineClient, "taskLog" | "tasks"> = {
    tasks: {
      list: async (filters) => {
        expect(filters).toEqual({ service: ["s"] });
        return [...tasks];
      },
    },
    taskLog: async (id) => {
      asked.push(id);
      const log = logs[id] ?? FORGOTTEN;
      if (log instanceof Error) throw log;
      return log;
    },
  };
  const context = { ...contextWith({}), manager: async () => engine as EngineClient };
  return { lines: await lastLog(first, context), asked };
}

test("the log of a task is its last lines", async () => {
  const { lines, asked } = await linesOf({ t1: framed("one\ntwo\n") });
  expect(lines).toEqual(["one", "two"]);
  expect(asked).toEqual(["t1"]);
});

test("of a task that swarm has forgotten, the newest one that failed speaks", async () => {
  const tasks = [task(2), task(4), task(3), task(5, "running")];
  const { lines, asked } = await linesOf({ t4: framed("tired\n") }, tasks);
  expect(lines).toEqual(["tired"]);
  expect(asked).toEqual(["t1", "t4"]);
});

test("the same when it is forgotten while its log is read", async () => {
  const cut = framed("Error grabbing logs: rpc error: code = Unknown desc = task t1 not found", 3);
  const { lines } = await linesOf({ t1: cut, t2: framed("tired\n") }, [task(2)]);
  expect(lines).toEqual(["tired"]);
});

test("after three tries, or when no other failed, it says why there is no log", async () => {
  const said = ["(the log cannot be read: task t1 not found)"];
  const three = await linesOf({}, [task(2), task(3)]);
  expect(three).toEqual({ lines: said, asked: ["t1", "t3", "t2"] });
  expect(await linesOf({}, [task(2, "running")])).toEqual({ lines: said, asked: ["t1"] });
});

test("another problem is not tried again", async () => {
  const { lines, asked } = await linesOf({ t1: new Error("the node is down") }, [task(2)]);
  expect(lines).toEqual(["(the log cannot be read: the node is down)"]);
  expect(asked).toEqual(["t1"]);
});

test("a task that never started has written nothing, and is not asked for", async () => {
  expect(await linesOf({}, [], task(1, "rejected"))).toEqual({ lines: [], asked: [] });
});
