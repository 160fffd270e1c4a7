import { describe, expect, test } from "vitest";
import type { LiveTask } from "../../components/engine/live";
import type { NodeDescription } from "../../components/model/placement/constraints";
import type { LiveService, WireTemplate } from "../../components/model/service/wire";
import { judgeAll, waitForServices } from "../../components/observe/converge";
import { judge } from "../../components/observe/judge";
import { problemsOf } from "../../components/observe/report";
import { readable } from "../../components/observe/task-log";
import { fingerprint } from "../../components/provider/service/revision";
import { contextWith } from "../provider/service/stub-context";

const template: WireTemplate = { ContainerSpec: { Image: "app:1" }, Placement: {} };
const now = Date.parse("2026-01-01T00:01:00Z");
const nodes: readonly NodeDescription[] = [
  { id: "n1", hostname: "vm-0", role: "manager", labels: {}, engineLabels: {} },
  { id: "n2", hostname: "vm-1", role: "worker", labels: { db: "true" }, engineLabels: {} },
];

function service(mode: object, more: Partial<LiveService> = {}, task = template): LiveService {
  const Spec = { Name: "web", TaskTemplate: task, Mode: mode };
  return { ID: "s", Version: { Index: 1 }, Spec, ...more };
}

let made = 0;
function task(slot: number, State: string, more: Partial<LiveTask> = {}, error = ""): LiveTask {
  made += 1;
  return {
    ID: `t${made}`,
    ServiceID: "s",
    Slot: slot,
    NodeID: "n1",
    CreatedAt: `2026-01-01T00:00:${String(made % 60).padStart(2, "0")}Z`,
    DesiredState: ["failed", "rejected"].includes(State) ? "shutdown" : "running",
    Status: { State, Err: error, Timestamp: "2026-01-01T00:00:40Z" },
    Spec: template,
    ...more,
  };
}

const two = { Replicated: { Replicas: 2 } };
const look = (live: LiveService, ...tasks: LiveTask[]) => judge(live, tasks, nodes, now);

describe("a task without an address", () => {
  const waiting = task(1, "new", { Status: { State: "new", Timestamp: "2026-01-01T00:00:40Z" } });
  const one = service(
    { Replicated: { Replicas: 1 } },
    {},
    { ...template, Networks: [{ Target: "n" }] },
  );
  const networks = {
    "/networks/n": { Id: "n", Name: "tiny", IPAM: { Config: [{ Subnet: "10.9.0.0/29" }] } },
  };

  test("names the network that has none left, and what to do", async () => {
    const verdict = judge(one, [waiting], nodes, now);
    expect(verdict.unallocated).toEqual(["n"]);
    const [text] = await problemsOf(new Map([["web", verdict]]), "", contextWith(networks));
    expect(text?.split("\n").slice(-2)).toEqual([
      "  swarm gives its tasks no address: most likely none is left on the network tiny (10.9.0.0/29)",
      "  what to do: a larger `subnet` for the network, or fewer tasks on it",
    ]);
  });

  test("may only be new, and is of no interest once it has been placed", () => {
    expect(judge(one, [waiting], nodes, now - 17_000).unallocated).toEqual([]);
    expect(judge(one, [task(1, "pending")], nodes, now).unallocated).toEqual([]);
  });
});

describe("a replicated service", () => {
  test("is steady when as many tasks as wanted run what it says now", () => {
    const verdict = look(service(two), task(1, "running"), task(2, "running"));
    expect(verdict).toMatchObject({
      state: "steady",
      reasons: [],
      lines: ["web: 2 of 2 tasks running"],
    });
    expect(look(service({ Replicated: { Replicas: 0 } })).state).toBe("steady");
  });

  test("is not while a task is missing, old, too many or an update is under way", () => {
    const running = [task(1, "running"), task(2, "running")];
    const old = task(2, "running", { Spec: { ContainerSpec: { Image: "app:0" } } });
    expect(look(service(two), task(1, "running"), old).reasons).toEqual([
      "web.2: still runs the version from before the update",
    ]);
    expect(look(service(two), task(1, "running")).reasons).toEqual(["web.2: has no task yet"]);
    expect(look(service(two), ...running, task(3, "running")).state).toBe("converging");
    const updating = service(two, { UpdateStatus: { State: "updating" } });
    expect(look(updating, ...running)).toMatchObject({
      state: "converging",
      reasons: ["swarm is still replacing its tasks"],
    });
  });

  test("keeps tasks that a new constraint still allows where they run", () => {
    const placed = { ...template, Placement: { Constraints: ["node.role == manager"] } };
    const live = service({ Replicated: {} }, {}, placed);
    expect(look(live, task(1, "running")).state).toBe("steady");
  });
});

describe("a service that is not steady", () => {
  test("says what is pulled and what is not healthy yet, and for how long", () => {
    const checked = { ContainerSpec: { Healthcheck: { Test: ["CMD", "true"] } } };
    const verdict = look(
      service(two),
      task(1, "preparing"),
      task(2, "starting", { Spec: checked }),
    );
    expect(verdict.lines).toEqual([
      "web: 0 of 2 tasks running; web.1: is pulling image app:1 on vm-0 for 20s; web.2: is starting on vm-0 for 20s (not healthy yet)",
    ]);
  });

  test("counts failures and names the newest failed task", () => {
    const crash = () =>
      task(1, "failed", {
        Status: { State: "failed", Err: "boom", ContainerStatus: { ExitCode: 3 } },
      });
    const [first, last] = [crash(), crash()];
    const verdict = look(service({ Replicated: {} }), first, last, task(1, "starting"));
    expect(verdict.reasons[0]).toContain(
      "failed 2 times, last on vm-0: boom (exit code 3), now starting",
    );
    expect(verdict.failedTask?.ID).toBe(last.ID);
  });

  test("groups places with the same problem", () => {
    const rejected = [1, 2, 3, 4].map((slot) => task(slot, "rejected", {}, "No such image: app:1"));
    expect(look(service({ Replicated: { Replicas: 4 } }), ...rejected).reasons).toEqual([
      "web.1, web.2 and 2 more: was rejected on vm-0: the image app:1 cannot be pulled (No such image)",
    ]);
  });

  test("explains a task without a node by what excludes each node", () => {
    const demanding = { ...template, Placement: { Constraints: ["node.labels.gpu == true"] } };
    const pending = task(1, "pending", { NodeID: "" }, "no suitable node (1 node)");
    const { reasons } = look(service({ Replicated: {} }, {}, demanding), pending);
    expect(reasons[0]).toContain("web.1: has no node: no suitable node (1 node)");
    expect(reasons[0]).toContain('vm-0, vm-1: constraint "node.labels.gpu == true" is not met');
    const ports = service({ Replicated: {} });
    const busy = {
      ...ports,
      Spec: {
        ...ports.Spec,
        EndpointSpec: { Ports: [{ PublishMode: "host", PublishedPort: 80, Protocol: "tcp" }] },
      },
    };
    expect(look(busy, pending).reasons[0]).toContain("the task needs host ports 80/tcp");
  });

  test.each(["paused", "rollback_paused", "rollback_completed"])("has failed when %s", (State) => {
    const live = service(two, { UpdateStatus: { State, Message: "because" } });
    const verdict = look(
      live,
      task(1, "running"),
      task(2, "running", State === "paused" ? { Spec: { ContainerSpec: { Image: "app:0" } } } : {}),
      task(2, "failed", {}, "boom"),
    );
    expect(verdict.state).toBe("failed");
    expect(verdict.reasons.join()).toMatch(/swarm .*\(because\).*boom/);
  });

  test("has not failed when all tasks came to run after swarm paused the update", () => {
    const live = service(two, { UpdateStatus: { State: "paused", Message: "because" } });
    expect(look(live, task(1, "running"), task(2, "running"))).toMatchObject({
      state: "steady",
      reasons: [],
    });
  });

  test("leaves out failures of the previous version", () => {
    const old = task(1, "failed", { Spec: { ContainerSpec: { Image: "app:0" } } }, "boom");
    const verdict = look(service({ Replicated: {} }), old, task(1, "preparing"));
    expect(verdict.reasons).toEqual(["web.1: is pulling image app:1 on vm-0 for 20s"]);
    expect(verdict.remedies.join()).toContain("longer `timeout`");
    expect(verdict.failedTask).toBeUndefined();
  });

  test("says that a program that ends without an error must keep running", () => {
    const ended = task(1, "complete", { DesiredState: "shutdown" });
    const verdict = look(service({ Replicated: {} }), ended, task(1, "starting"));
    expect(verdict.reasons[0]).toContain("ended on vm-0: its program ended on its own");
    expect(verdict.remedies[0]).toContain("replicated-job");
  });
});

test("a global service needs a task on each node that its constraints let in", () => {
  const live = service({ Global: {} });
  const here = task(0, "running", { NodeID: "n1" });
  expect(look(live, here).reasons).toEqual(["web on vm-1: has no task yet"]);
  expect(look(live, here, task(0, "running", { NodeID: "n2" })).state).toBe("steady");
  const onDb = { ...template, Placement: { Constraints: ["node.labels.db == true"] } };
  const some = service({ Global: {} }, {}, onDb);
  expect(look(some, task(0, "running", { NodeID: "n2" })).state).toBe("steady");
});

test("a job is steady when this run of it is complete", () => {
  const mode = { ReplicatedJob: { TotalCompletions: 2, MaxConcurrent: 1 } };
  const live = service(mode, { JobStatus: { JobIteration: { Index: 1 } } });
  const run = (slot: number, Index: number) => task(slot, "complete", { JobIteration: { Index } });
  expect(look(live, run(0, 0), run(1, 0)).state).toBe("converging");
  expect(look(live, run(0, 1), run(1, 1))).toMatchObject({
    state: "steady",
    lines: ["web: 2 of 2 tasks done"],
  });
});

test("containers have started before they are healthy, and in each place", () => {
  const ContainerStatus = { ContainerID: "c" };
  const starting = (slot: number, more: object) =>
    task(slot, "starting", { Status: { State: "starting", ...more } });
  expect(look(service(two), task(1, "running"), starting(2, { ContainerStatus }))).toMatchObject({
    state: "converging",
    started: true,
  });
  expect(look(service(two), task(1, "running"), starting(2, {})).started).toBe(false);
  expect(look(service(two), task(1, "running")).started).toBe(false);
});

test("reports problems with the last lines of the log, and missing services", async () => {
  const failed = task(1, "failed", {}, "boom");
  const view = {
    services: new Map([["web", service({ Replicated: {} })]]),
    tasks: [failed],
    nodes,
  };
  const frame = (stream: number, line: string) =>
    Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, line.length]), Buffer.from(line)]);
  const context = contextWith({
    [`/tasks/${failed.ID}/logs`]: Buffer.concat([frame(1, "one\n"), frame(2, "two\n")]),
  });
  const problems = await problemsOf(judgeAll(["web", "gone"], view, now), " after 5s", context);
  expect(problems[0]).toBe(
    [
      "service web is not running as it should after 5s:",
      "  web.1: failed on vm-0: boom",
      "  last lines of its log:",
      "    one",
      "    two",
      "  its whole log: npm run docker -- -s dev service logs web",
    ].join("\n"),
  );
  expect(problems[1]).toContain(
    "service gone is not running as it should after 5s:\n  does not exist",
  );
});

test("reads logs without frames, and no more than the last lines", () => {
  const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`);
  expect(readable(Buffer.from(lines.join("\r\n")))).toEqual(lines.slice(-10));
});

test("marks what a service runs, not its labels, and only with a salt", () => {
  const live = service(two);
  const labelled = { ...live, Spec: { ...live.Spec, Labels: { a: "b" } } };
  expect(fingerprint(live, "salt")).toBe(fingerprint(labelled, "salt"));
  expect(fingerprint(live, "salt")).not.toBe(fingerprint(service({ Global: {} }), "salt"));
  expect(fingerprint(live, undefined)).toBeUndefined();
});

test("keeps waiting when the managers are silent for a moment", async () => {
  const swarm = { services: { list: async () => [] }, nodes: { list: async () => [] } };
  const answers = [Promise.reject(new Error("no leader")), Promise.resolve(swarm)];
  const shown: string[] = [];
  const context = {
    ...contextWith({}),
    log: (message: string) => shown.push(message),
    manager: () => answers.shift() as never,
  };
  const problems = await waitForServices(["web"], { timeoutMs: 5_000, steadyMs: 0 }, context);
  expect(shown).toEqual(["no manager answers: no leader"]);
  expect(problems[0]).toContain("does not exist on the swarm");
});

test("fails when tasks run at the end of the time, but never stayed up", async () => {
  let count = 0;
  const swarm = {
    services: { list: async () => [service({ Replicated: {} })] },
    nodes: { list: async () => [] },
    tasks: {
      list: async () => {
        count += 1;
        const gone = { Status: { State: "failed", Err: "task: non-zero exit (137)" } };
        return [task(1, "failed", gone), task(1, "running", { ID: `run-${count}` })];
      },
    },
  };
  const context = { ...contextWith({}), manager: async () => swarm as never };
  const patience = { timeoutMs: 10, steadyMs: 1_500 };
  const problems = await waitForServices(["web"], patience, context);
  expect(problems[0]).toContain("service web is not running as it should after");
  expect(problems[0]).toContain("ended with exit code 137, now running");
}, 20_000);

test("shows progress in lines that a log can hold", async () => {
  const long = "x".repeat(700);
  const names = ["web", "api", "db", "worker", "cron"];
  const swarm = {
    services: {
      list: async () =>
        names.map((Name) => ({
          ...service({ Replicated: {} }),
          ID: Name,
          Spec: { Name, TaskTemplate: template, Mode: { Replicated: {} } },
        })),
    },
    nodes: { list: async () => [] },
    tasks: { list: async () => names.map((ServiceID) => task(1, "failed", { ServiceID }, long)) },
  };
  const shown: string[] = [];
  const context = {
    ...contextWith({}),
    log: (message: string) => shown.push(message),
    manager: async () => swarm as never,
  };
  await waitForServices(names, { timeoutMs: 3_500, steadyMs: 0 }, context);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatch(
    /^0 of 5 services settled: web: 0 of 1 tasks running; .*… \| and 4 more$/,
  );
  expect(shown[0]?.length).toBeLessThan(180);
}, 20_000);
