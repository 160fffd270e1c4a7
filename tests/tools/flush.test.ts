import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

const root = join(__dirname, "../..");
const program = `
require("./components/runtime/typescript.cjs");
const { flushed } = require("./tools/setup/flush.ts");
process.stdout.write("x".repeat(3_000_000));
flushed().then(() => process.exit(3));
`;

test("what was written reaches a slow reader before the process exits", async () => {
  const child = spawn(process.execPath, ["-e", program], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  await sleep(500);
  let read = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    read += chunk.length;
  });
  expect(await ended).toBe(3);
  expect(read).toBe(3_000_000);
});

test("a closed reader keeps nobody waiting", async () => {
  const child = spawn(process.execPath, ["-e", program], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.destroy();
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(3);
});
