import { expect, test } from "vitest";
import { type EngineClient, engineClient, type Request } from "../../components/engine/client";

const none = new AbortController().signal;
const node = { Role: "worker", Availability: "drain" } as const;
const joining = { ListenAddr: "0", RemoteAddrs: ["m"], JoinToken: "t", ...node };

/** What is sent, word for word as Docker's API has it. */
const calls: readonly (readonly [string, (engine: EngineClient) => Promise<unknown>, Request])[] = [
  [
    "a list with filters",
    ({ tasks }) => tasks.list({ service: ["s"] }),
    { method: "GET", path: "/tasks", query: { filters: { service: ["s"] } } },
  ],
  ["a list of all", ({ nodes }) => nodes.list(), { method: "GET", path: "/nodes" }],
  [
    "containers, ended ones too",
    ({ containers }) => containers.list({ volume: ["v"] }),
    { method: "GET", path: "/containers/json", query: { all: true, filters: { volume: ["v"] } } },
  ],
  [
    "one container",
    ({ containers }) => containers.inspect("c"),
    { method: "GET", path: "/containers/c/json" },
  ],
  [
    "a network of the swarm by name",
    (engine) => engine.swarmNetwork("host"),
    { method: "GET", path: "/networks/host", query: { scope: "swarm" } },
  ],
  [
    "a service's create with its registry's credentials",
    ({ services }) => services.create({ Name: "web" }, "header"),
    { method: "POST", path: "/services/create", body: { Name: "web" }, auth: "header" },
  ],
  [
    "an update: the version beside the body, not in it",
    ({ nodes }) => nodes.update("n", 7, node),
    { method: "POST", path: "/nodes/n/update", query: { version: 7 }, body: node },
  ],
  [
    "a removal by force",
    ({ nodes }) => nodes.remove("n", { force: true }),
    { method: "DELETE", path: "/nodes/n", query: { force: true } },
  ],
  [
    "leaving",
    (engine) => engine.leave({ force: true }),
    { method: "POST", path: "/swarm/leave", query: { force: true } },
  ],
  [
    "joining",
    (engine) => engine.join(joining),
    { method: "POST", path: "/swarm/join", body: joining },
  ],
  [
    "the end of a task's log",
    (engine) => engine.taskLog("t", 10, none),
    {
      method: "GET",
      path: "/tasks/t/logs",
      query: { stdout: 1, stderr: 1, tail: 10 },
      signal: none,
    },
  ],
  [
    "what a registry has",
    (engine) => engine.distribution("reg/app:1", undefined, none),
    { method: "GET", path: "/distribution/reg/app:1/json", signal: none },
  ],
];

test.each(calls)("%s", async (_, call, expected) => {
  const sent: Request[] = [];
  await call(
    engineClient(async (request) => {
      sent.push(request);
      return {};
    }),
  );
  expect(sent).toEqual([expected]);
});

test.each([
  ["a service's or secret's", { ID: "a" }],
  ["a network's", { Id: "a" }],
])("%s id is what a create answers", async (_, answer) => {
  expect(await engineClient(async () => answer).secrets.create({ Name: "pw" })).toBe("a");
});

test("a log is bytes, even one that is valid JSON", async () => {
  const log = (body: unknown) => engineClient(async () => body).taskLog("t", 10, none);
  expect((await log(Buffer.from("one\n"))).toString()).toBe("one\n");
  expect((await log({ level: "info" })).toString()).toBe('{"level":"info"}');
});
