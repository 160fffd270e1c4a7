import type Docker from "dockerode";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { addDeadline } from "../../components/engine/deadline";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Answer = (error: Error | null, result?: unknown) => void;

/** A client that does with requests what `dial` does, with deadlines added. */
function client(dial: (options: object, answer: Answer) => void, failures: boolean[] = []) {
  const modem = { dial };
  addDeadline({ modem } as unknown as Docker, "one", () => ({
    onFailure: (hung) => failures.push(hung),
    failover: false,
  }));
  return (options: object) => {
    const answers: unknown[] = [];
    modem.dial({ path: "/a?b", method: "GET", ...options }, (error, result) =>
      answers.push(error?.message ?? result),
    );
    return answers;
  };
}

it("ends a request of which nothing is ever heard again", () => {
  const failures: boolean[] = [];
  const answers = client(() => undefined, failures)({});
  vi.advanceTimersByTime(29_000);
  expect(answers).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(answers).toEqual(["one did not answer GET /a within 30 s"]);
  expect(failures).toEqual([true]);
});

it("answers once, whatever comes later", () => {
  let late: Answer = () => undefined;
  const answers = client((_, answer) => {
    late = answer;
  })({});
  vi.advanceTimersByTime(31_000);
  late(null, "late");
  expect(answers).toHaveLength(1);
});

it("gives up what its caller gives up, and hands on what is in time", () => {
  const caller = new AbortController();
  const answers = client(() => undefined)({ abortSignal: caller.signal });
  caller.abort(new Error("enough"));
  expect(answers).toEqual(["enough"]);
  expect(client((_, answer) => answer(null, "fine"))({})).toEqual(["fine"]);
});

it.each([
  "This node is not a swarm manager. Use docker swarm init",
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /var/run/docker/swarm/control.sock: connect: no such file or directory"',
])("asks another manager when this one is none any more: %s", (message) => {
  const asked: string[] = [];
  const modem = {
    dial: (_: object, answer: Answer) => {
      asked.push("dial");
      if (asked.length > 1) return answer(null, "from another");
      answer(Object.assign(new Error(message), { statusCode: 503, json: { message } }));
    },
  };
  addDeadline({ modem } as unknown as Docker, "one", () => ({
    onFailure: () => asked.push("elect"),
    failover: true,
  }));
  const answers: unknown[] = [];
  modem.dial({ path: "/nodes/a", method: "DELETE" }, (error, result) =>
    answers.push(error?.message ?? result),
  );
  expect(answers).toEqual(["from another"]);
  expect(asked).toEqual(["dial", "elect", "dial"]);
});
