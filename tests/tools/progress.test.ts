import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Progress } from "../../tools/setup/progress";

let text: string;
const write = (chunk: string) => {
  text += chunk;
};

beforeEach(() => {
  text = "";
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Progress", () => {
  test("prints a line at least every 10 seconds while something is under way", async () => {
    const progress = new Progress({ write });
    let finish = () => {};
    const work = progress.during(
      "building the Pulumi engine",
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    await vi.advanceTimersByTimeAsync(9_000);
    expect(text).toBe("… still building the Pulumi engine, 8s\n");
    await vi.advanceTimersByTimeAsync(32_000);
    expect(text.split("\n")).toContain("… still building the Pulumi engine, 40s");
    finish();
    await work;
    const before = text;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(text).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("prints nothing while others print", async () => {
    const progress = new Progress({ write });
    const work = progress.during("waiting", async () => {
      for (let second = 0; second < 30; second += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        progress.touch();
      }
    });
    await vi.advanceTimersByTimeAsync(31_000);
    await work;
    expect(text).toBe("");
  });

  test("names all that is under way at the same time", async () => {
    const progress = new Progress({ write });
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 8_600));
    const both = Promise.all([progress.during("one", wait), progress.during("two", wait)]);
    await vi.advanceTimersByTimeAsync(9_000);
    await both;
    expect(text).toBe("… still one, 8s; two, 8s\n");
  });

  test("stops also when the work fails", async () => {
    const progress = new Progress({ write });
    await expect(progress.during("it", () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    expect(vi.getTimerCount()).toBe(0);
  });
});
