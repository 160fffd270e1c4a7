import { describe, expect, test } from "vitest";
import type { LiveTask } from "../../components/engine/live";
import type { NodeDescription } from "../../components/model/placement/constraints";
import type { LiveService, WireTemplate } from "../../components/model/service/wire";
import { waitForServices } from "../../components/observe/converge";
import {
  type Evidence,
  type Heard,
  heard,
  NO_EVIDENCE,
  saysAbsent,
} from "../../components/observe/hopeless";
import { judge } from "../../components/observe/judge";
import { endingOf } from "../../components/observe/task-errors";
import { contextWith } from "../provider/service/stub-context";

const now = Date.parse("2026-01-01T00:01:00Z");
const node = (n: number): NodeDescription => ({
  id: `n${n}`,
  hostname: `vm-${n}`,
  role: "worker",
  labels: {},
  engineLabels: {},
});
const nodes = [node(1), node(2)];
const template: WireTemplate = { ContainerSpec: { Image: "reg/app:1" } };

function service(mode: object, task: WireTemplate = template, update?: string): LiveService {
  const Spec = { Name: "web", TaskTemplate: task, Mode: mode };
  const more = update === undefined ? {} : { UpdateStatus: { State: update } };
  return { ID: "s", Version: { Index: 1 }, Spec, ...more };
}

let made = 0;
function task(state: string, error = "", more: Partial<LiveTask> = {}): LiveTask {
  made += 1;
  const ended = ["failed", "rejected", "complete"].includes(state);
  return {
    ID: `t${made}`,
    ServiceID: "s",
    Slot: 1,
    NodeID: "n1",
    CreatedAt: `2026-01-01T00:00:00.${String(made).padStart(6, "0")}Z`,
    DesiredState: ended ? "shutdown" : "running",
    Status: { State: state, Err: error, Timestamp: "2026-01-01T00:00:58Z" },
    Spec: template,
    ...more,
  };
}

const NO_PROGRAM = 'exec: "nope": executable file not found in $PATH: unknown';
const NO_PATH = 'invalid mount config for type "bind": bind source path does not exist: /srv/x';
const one = { Replicated: { Replicas: 1 } };
const three = (error: string, more: Partial<LiveTask> = {}) =>
  [1, 2, 3].map(() => task("rejected", error, more));
const stateOf = (live: LiveService, tasks: LiveTask[], evidence: Evidence = NO_EVIDENCE) =>
  judge(live, tasks, nodes, now, evidence).state;

describe("which errors of a task are final", () => {
  test.each([
    [NO_PROGRAM, "anywhere"],
    ["task: non-zero exit (127)", "anywhere"],
    ["linux spec user: unable to find user nobody2: no matching entries in passwd", "anywhere"],
    ['invalid mount config for type "tmpfs": source is not allowed', "anywhere"],
    ["no log driver named 'fluentdx' is registered", "anywhere"],
    ["unknown log opt 'max-sizes' for json-file log driver", "anywhere"],
    ["Minimum memory limit allowed is 6MB", "anywhere"],
    [NO_PATH, "on this node"],
    ["exec /app: exec format error", "on this node"],
    ["No such image: reg/app:1", "image"],
    ["task: non-zero exit (1)", undefined],
    ["task: non-zero exit (143): dockerexec: unhealthy container", undefined],
    ["listen tcp4 0.0.0.0:22: bind: address already in use", undefined],
    ["failed to initialize logging driver: dial tcp: connection refused", undefined],
    ["error while mounting volume '/data': connection timed out", undefined],
    ["secret reference not found", undefined],
    ["context deadline exceeded", undefined],
    ["something new", undefined],
  ] as const)("%s: %s", (said, final) => {
    expect(endingOf(task("failed", said)).final).toBe(final);
  });
});

describe("a service whose tries all end the same", () => {
  test("has failed after three, and says so; two may be a coincidence", () => {
    const tasks = [...three(NO_PROGRAM), task("preparing")];
    const verdict = judge(service(one), tasks, nodes, now);
    expect(verdict.state).toBe("failed");
    expect(verdict.reasons).toEqual([
      'each of the last 3 tries ended with this, and another one would too: its program cannot be started: "nope": executable file not found in $PATH',
      'web.1: was rejected 3 times, last on vm-1: its program cannot be started: "nope": executable file not found in $PATH, now pulling image reg/app:1 on vm-1 for 2s',
    ]);
    expect(stateOf(service(one), tasks.slice(1))).toBe("converging");
  });

  test("has not failed when errors are transient, differ, or one try got further", () => {
    expect(stateOf(service(one), three("task: non-zero exit (1)"))).toBe("converging");
    const mixed = [...three(NO_PROGRAM).slice(1), task("failed", "task: non-zero exit (1)")];
    expect(stateOf(service(one), mixed)).toBe("converging");
    const starting = task("starting", "", {
      Status: { State: "starting", Timestamp: "2026-01-01T00:00:50Z" },
    });
    expect(stateOf(service(one), [...three(NO_PROGRAM), starting])).toBe("converging");
    expect(stateOf(service(one), [...three(NO_PROGRAM), task("starting")])).toBe("failed");
  });

  test("has not failed by what ended before the wait began, or was another version", () => {
    const old = three(NO_PROGRAM);
    const before = new Set(old.map(({ ID }) => ID));
    expect(stateOf(service(one), old, { ...NO_EVIDENCE, before })).toBe("converging");
    const other = three(NO_PROGRAM, { Spec: { ContainerSpec: { Image: "reg/app:0" } } });
    expect(stateOf(service(one), other)).toBe("converging");
  });

  test("leaves an update under way to swarm, which pauses it or goes back", () => {
    const updating = service(one, template, "updating");
    expect(stateOf(updating, three(NO_PROGRAM))).toBe("converging");
  });

  test("has not failed while a replica runs", () => {
    const two = service({ Replicated: { Replicas: 2 } });
    expect(stateOf(two, [...three(NO_PROGRAM), task("running", "", { Slot: 2 })])).toBe(
      "converging",
    );
    const spread = [1, 2, 1].map((Slot) => task("failed", NO_PROGRAM, { Slot }));
    expect(stateOf(two, spread)).toBe("failed");
  });

  test("has failed with an error of nodes only when every node that fits shows it", () => {
    expect(stateOf(service(one), three(NO_PATH))).toBe("converging");
    const all = [...three(NO_PATH), task("rejected", NO_PATH, { NodeID: "n2" })];
    expect(stateOf(service(one), all)).toBe("failed");
    const pinned = { ...template, Placement: { Constraints: ["node.hostname == vm-1"] } };
    expect(stateOf(service(one, pinned), three(NO_PATH))).toBe("failed");
  });

  test("has failed with one node of a global service, also while the others run", () => {
    const running = task("running", "", { NodeID: "n2" });
    const live = service({ Global: {} });
    expect(stateOf(live, [...three(NO_PATH), running])).toBe("failed");
    expect(stateOf(live, [...three("task: non-zero exit (1)"), running])).toBe("converging");
  });

  test("has failed with an image that its registry does not have, not with one it cannot tell of", () => {
    const tasks = three("No such image: reg/app:1");
    const verdict = judge(service(one), tasks, nodes, now);
    expect(verdict).toMatchObject({ state: "converging", inDoubt: ["reg/app:1"] });
    const absent = new Set(["reg/app:1"]);
    expect(stateOf(service(one), tasks, { ...NO_EVIDENCE, absent })).toBe("failed");
  });
});

test.each([
  ["errors: manifest unknown: manifest unknown", true],
  ["manifest for reg/app:1 not found: manifest unknown", true],
  ["name unknown: repository name not known to registry", true],
  ["Get https://reg/v2/: dial tcp: connection refused", false],
  ["no answer within 15 s", false],
  ["denied: requested access to the resource is denied", false],
  ["toomanyrequests: You have reached your pull rate limit", false],
  ["received unexpected HTTP status: 503 Service Unavailable", false],
])("a registry that says %s has no such image: %s", (said, absent) => {
  expect(saysAbsent(said)).toBe(absent);
});

describe("an image whose registry's name has no address", () => {
  const nameless =
    'Get "https://nosuch.example/v2/": dial tcp: lookup nosuch.example on 127.0.0.11:53: no such host';
  /** What is known after answers, each with its time in seconds. */
  const knownOf = (...answers: readonly (readonly [number, string])[]) =>
    answers.reduce<Heard>((known, [at, said]) => heard(said, known, at * 1_000), { absent: false });

  test("is given up when it was so for 45 seconds, and no sooner", () => {
    const first = [10, nameless] as const;
    expect(knownOf(first)).toEqual({ absent: false, namelessSince: 10_000 });
    expect(knownOf(first, [54.9, nameless])).toEqual({ absent: false, namelessSince: 10_000 });
    expect(knownOf(first, [55, nameless])).toEqual({ absent: true, namelessSince: 10_000 });
  });

  test("starts from the beginning once its registry answered in between, whatever it said", () => {
    for (const said of ["", "received unexpected HTTP status: 503 Service Unavailable"]) {
      const between = knownOf([0, nameless], [40, said], [50, nameless], [90, nameless]);
      expect(between).toEqual({ absent: false, namelessSince: 50_000 });
    }
    expect(knownOf([0, nameless], [60, nameless], [70, ""])).toEqual({ absent: false });
  });

  test.each([
    "dial tcp: lookup reg.example: Temporary failure in name resolution",
    "dial tcp: lookup reg.example on 127.0.0.11:53: server misbehaving",
    "dial tcp: lookup reg.example on 127.0.0.11:53: read udp: i/o timeout",
    "dial tcp 192.0.2.1:443: connect: connection refused",
    "no answer within 15 s",
  ])("is not meant by: %s", (said) => {
    expect(knownOf([0, said], [600, said])).toEqual({ absent: false });
  });
});

describe("a service that swarm starts no more", () => {
  const restart = (RestartPolicy: WireTemplate["RestartPolicy"]) => ({
    ...template,
    RestartPolicy,
  });
  const ended = (state: string, spec: WireTemplate, at = "2026-01-01T00:00:40Z") =>
    task(state, "boom", { Spec: spec, Status: { State: state, Err: "boom", Timestamp: at } });

  test("has failed after one try", () => {
    const none = restart({ Condition: "none" });
    const verdict = judge(service(one, none), [ended("failed", none)], nodes, now);
    expect(verdict.state).toBe("failed");
    expect(verdict.reasons[0]).toBe("swarm starts no further task (restart: { condition: none })");
    const onFailure = restart({ Condition: "on-failure" });
    expect(stateOf(service(one, onFailure), [ended("complete", onFailure)])).toBe("failed");
    expect(stateOf(service(one, onFailure), [ended("failed", onFailure)])).toBe("converging");
  });

  test("has failed when all tries are used up, not while the next one comes", () => {
    const limited = restart({ Condition: "any", MaxAttempts: 2 });
    expect(stateOf(service(one, limited), [ended("failed", limited)])).toBe("failed");
    const tried = ended("failed", limited);
    const next = task("preparing", "", { Spec: limited });
    expect(stateOf(service(one, limited), [tried, next])).toBe("converging");
    const fresh = ended("failed", limited, "2026-01-01T00:00:59Z");
    expect(stateOf(service(one, limited), [fresh])).toBe("converging");
  });

  test("has failed as a job of which three tries ended alike, which a service does not", () => {
    const failed = three("task: non-zero exit (3)");
    expect(stateOf(service(one), failed)).toBe("converging");
    const job = service({ ReplicatedJob: { TotalCompletions: 1 } });
    expect(
      stateOf(
        job,
        failed.map((task) => ({ ...task, Slot: 0 })),
      ),
    ).toBe("failed");
  });

  test("has failed as a job whose only try failed", () => {
    const none = restart({ Condition: "none" });
    const job = service({ ReplicatedJob: { TotalCompletions: 1 } }, none);
    expect(
      stateOf(
        job,
        [ended("failed", none)].map((one) => ({ ...one, Slot: 0 })),
      ),
    ).toBe("failed");
  });
});

test("a wait ends long before its time when the registry has no such image", async () => {
  const live = service(one);
  let looks = 0;
  const engine = {
    services: { list: async () => [live] },
    nodes: { list: async () => [] },
    tasks: {
      list: async () => {
        looks += 1;
        return looks === 1 ? [task("preparing")] : three("No such image: reg/app:1");
      },
    },
    distribution: async () => {
      throw new Error("errors: manifest unknown");
    },
  };
  const context = { ...contextWith({}), manager: async () => engine as never };
  const began = Date.now();
  const patience = { timeoutMs: 60_000, steadyMs: 0 };
  const [problem] = await waitForServices(["web"], patience, context);
  expect(problem).toContain("service web is not running as it should:\n  each of the last 3 tries");
  expect(Date.now() - began).toBeLessThan(10_000);
}, 20_000);
