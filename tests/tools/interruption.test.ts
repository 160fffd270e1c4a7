import { describe, expect, test } from "vitest";
import { Interruption } from "../../tools/setup/interruption";

function make() {
  const clock = { now: 0 };
  const sent: string[] = [];
  const interruption = new Interruption(
    () => undefined,
    () => clock.now,
  );
  interruption.forward((signal) => sent.push(signal));
  return { clock, sent, interruption };
}

describe("Interruption", () => {
  test("the first is handed on once, however many ways it comes; the second kills", () => {
    const { clock, sent, interruption } = make();
    interruption.interrupt();
    clock.now = 50;
    interruption.interrupt();
    expect(sent).toEqual(["SIGINT"]);
    expect(interruption.signal.aborted).toBe(true);
    clock.now = 2_000;
    interruption.interrupt();
    expect(sent).toEqual(["SIGINT", "SIGKILL"]);
  });

  test("ended processes get no signal", () => {
    const { sent, interruption } = make();
    const ended: string[] = [];
    interruption.forward((signal) => ended.push(signal))();
    interruption.interrupt();
    expect(ended).toEqual([]);
    expect(sent).toEqual(["SIGINT"]);
  });

  test("stops the command, until clean-up is allowed to run", () => {
    const { interruption } = make();
    expect(() => interruption.throwIfInterrupted()).not.toThrow();
    interruption.interrupt();
    expect(() => interruption.throwIfInterrupted()).toThrow("130");
    expect(interruption.forgive()).toBe(true);
    expect(() => interruption.throwIfInterrupted()).not.toThrow();
  });
});
