import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Request, Send } from "../../components/engine/client";
import { withDeadline } from "../../components/engine/deadline";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const forever: Send = () => new Promise(() => undefined);

/** What one request through `send` with a deadline comes to, as soon as it does. */
function answersOf(send: Send, request: Partial<Request> = {}, failures: boolean[] = []) {
  const timely = withDeadline(send, "one", () => ({
    onFailure: (hung) => failures.push(hung),
    failover: false,
  }));
  const answers: unknown[] = [];
  timely({ method: "GET", path: "/a", ...request }).then(
    (answer) => answers.push(answer),
    (error: Error) => answers.push(error.message),
  );
  return answers;
}

test("ends a request that never gets an answer", async () => {
  const failures: boolean[] = [];
  const answers = answersOf(forever, {}, failures);
  await vi.advanceTimersByTimeAsync(29_000);
  expect(answers).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(answers).toEqual(["one did not answer GET /a within 30 s"]);
  expect(failures).toEqual([true]);
});

test("aborts what it no longer waits for", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  answersOf((request) => {
    signals.push(request.signal);
    return forever(request);
  });
  expect(signals[0]?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(signals[0]?.aborted).toBe(true);
});

test("aborts what its caller aborts, and passes on timely answers", async () => {
  const caller = new AbortController();
  const failures: boolean[] = [];
  const answers = answersOf(forever, { signal: caller.signal }, failures);
  caller.abort(new Error("enough"));
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual(["enough"]);
  expect(failures).toEqual([]);
  const fine = answersOf(async () => "fine");
  await vi.advanceTimersByTimeAsync(0);
  expect(fine).toEqual(["fine"]);
});

test.each([
  "This node is not a swarm manager. Use docker swarm init",
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /var/run/docker/swarm/control.sock: connect: no such file or directory"',
])("asks another manager when this one is none any more: %s", async (message) => {
  const asked: string[] = [];
  const send: Send = async () => {
    asked.push("send");
    if (asked.length > 1) return "from another";
    throw Object.assign(new Error(message), { statusCode: 503, json: { message } });
  };
  const timely = withDeadline(send, "one", () => ({
    onFailure: () => asked.push("elect"),
    failover: true,
  }));
  expect(await timely({ path: "/nodes/a", method: "DELETE" })).toBe("from another");
  expect(asked).toEqual(["send", "elect", "send"]);
});

test("a request that may have changed something is not repeated without an answer", async () => {
  let sent = 0;
  const timely = withDeadline(
    async () => {
      sent += 1;
      throw new Error("socket hang up");
    },
    "one",
    () => ({ onFailure: () => undefined, failover: true }),
  );
  await expect(timely({ path: "/nodes/a", method: "DELETE" })).rejects.toThrow("socket hang up");
  expect(sent).toBe(1);
  await expect(timely({ path: "/nodes", method: "GET" })).rejects.toThrow("socket hang up");
  expect(sent).toBe(3);
});

const LOST = "rpc error: code = Canceled desc = grpc: the client connection is closing";

/** What `request` comes to when its first `times` tries fail with `error`, and what was done meanwhile. */
async function tryAfter(request: Request, times: number, later: () => unknown) {
  const done: string[] = [];
  const timely = withDeadline(
    async () => {
      done.push("send");
      if (done.filter((step) => step === "send").length > times) return later();
      throw refusal(500, LOST);
    },
    "one",
    () => ({ onFailure: () => done.push("elect"), failover: true }),
  );
  const answer = timely(request).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(10_000);
  return { done, answer: await answer };
}

function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode, json: { message } });
}

test.each<Request>([
  { method: "GET", path: "/nodes" },
  { method: "DELETE", path: "/services/a" },
  { method: "POST", path: "/nodes/a/update", query: { version: 7 } },
])(
  "asks again, after a pause, when a manager lost its way to the leader: $method",
  async (request) => {
    const { done, answer } = await tryAfter(request, 2, () => "fine");
    expect(answer).toBe("fine");
    expect(done).toEqual(["send", "elect", "send", "elect", "send"]);
  },
);

test("gives up after four tries, with what the manager said", async () => {
  const { done, answer } = await tryAfter({ method: "GET", path: "/nodes" }, 9, () => "fine");
  expect(answer).toBe(LOST);
  expect(done.filter((step) => step === "send")).toHaveLength(4);
});

test("what is not found when it is removed again was removed by the first try", async () => {
  const request: Request = { method: "DELETE", path: "/services/a" };
  const gone = () => {
    throw refusal(404, "service a not found");
  };
  expect((await tryAfter(request, 1, gone)).answer).toBeUndefined();
  expect((await tryAfter(request, 0, gone)).answer).toBe("service a not found");
});

test("a create is not repeated here: only its resource knows whether it happened", async () => {
  const { done, answer } = await tryAfter({ method: "POST", path: "/services/create" }, 1, () => 1);
  expect(answer).toBe(LOST);
  expect(done).toEqual(["send", "elect"]);
});
