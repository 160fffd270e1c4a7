import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { threeTimes } from "../../components/engine/waiting";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Fails so many times, then gives the number of the try. */
function failing(times: number) {
  return vi.fn(async (tried: number) => {
    if (tried <= times) throw new Error(`failure ${tried}`);
    return tried;
  });
}

/** How it ended, and when, in milliseconds from the start. */
async function ended<T>(work: Promise<T>): Promise<{ readonly end: unknown; readonly at: number }> {
  const began = Date.now();
  const over = work.then(
    (end) => ({ end, at: Date.now() - began }),
    (error: Error) => ({ end: error.message, at: Date.now() - began }),
  );
  await vi.runAllTimersAsync();
  return await over;
}

describe("what may fail for a moment", () => {
  const { signal } = new AbortController();

  test.each([
    [0, { end: 1, at: 0 }],
    [1, { end: 2, at: 3_000 }],
    [2, { end: 3, at: 6_000 }],
    [3, { end: "failure 3", at: 6_000 }],
  ])("and fails %i times is tried at most three times, with pauses", async (times, end) => {
    expect(await ended(threeTimes({ signal }, failing(times)))).toEqual(end);
  });

  test("is not tried again when that would not help", async () => {
    const attempt = failing(3);
    const end = await ended(
      threeTimes({ signal }, attempt, (error) => !/failure 2/.test(String(error))),
    );
    expect(end).toEqual({ end: "failure 2", at: 3_000 });
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  test("is not tried again once the operation is aborted, before or in a pause", async () => {
    const before = failing(3);
    const end = await ended(threeTimes({ signal: AbortSignal.abort() }, before));
    expect(end).toEqual({ end: "failure 1", at: 0 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("Ctrl-C")), 1_000);
    const during = failing(3);
    expect(await ended(threeTimes(stop, during))).toEqual({ end: "stopped: Ctrl-C", at: 1_000 });
    expect(during).toHaveBeenCalledTimes(1);
  });
});
