import { expect, test } from "vitest";
import { capture, lastLines } from "../../tools/setup/processes";

test("of what a command says on the way only the end is kept, and all that it answers", async () => {
  const script = `process.stderr.write("x".repeat(5_000_000) + "the end");
    process.stdout.write("y".repeat(3_000_000));`;
  const { status, stdout, stderr } = await capture(process.execPath, ["-e", script]);
  expect(status).toBe(0);
  expect(stdout).toHaveLength(3_000_000);
  expect(stderr.length).toBeLessThanOrEqual(2_000_000);
  expect(stderr.slice(-7)).toBe("the end");
});

test("the last lines of what a command said are text without commands", () => {
  expect(lastLines("a\n\n\u001b[2Jb\r\n::stop::c\n", 2)).toBe("b\n: :stop::c");
});
