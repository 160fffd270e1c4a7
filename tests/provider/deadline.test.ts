import type Docker from "dockerode";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { addDeadline } from "../../components/provider/deadline";

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
