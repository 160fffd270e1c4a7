import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { expect, type TestContext } from "vitest";
import type { Yard } from "../../e2e/yard";
import type { Sent } from "../requests";
import { urlOf } from "./chaos-yard";
import type { Faults } from "./faults";
import { expectSound } from "./history";

/**
 * Runs `work` while a client asks for the service all the time; none of its requests may fail. Then everything
 * is repaired, and nothing may be left of the fault.
 */
export async function whileServing(
  { task }: Pick<TestContext, "task">,
  { yard, faults }: { readonly yard: Yard; readonly faults: Faults },
  work: () => Promise<void>,
): Promise<void> {
  const program = path.join(__dirname, "../programs/client.mjs");
  const client = spawn(process.execPath, [program, urlOf(yard)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const worked = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  faults.repair();
  const sound =
    worked ??
    (await expectSound(yard).then(
      () => undefined,
      (error: unknown) => ({ error }),
    ));
  const { sent, failed, failures } = await stop(client);
  task.meta.failedRequests = failed;
  if (sound !== undefined) throw sound.error;
  expect(sent).toBeGreaterThan(20);
  expect(failures).toEqual([]);
}

/** Ends the client after the request that is under way. @returns how it went */
async function stop(client: ChildProcess): Promise<Sent> {
  let text = "";
  client.stdout?.on("data", (data: Buffer) => {
    text += data.toString();
  });
  const ended = new Promise((resolve) => client.once("close", resolve));
  client.stdin?.end();
  await ended;
  return JSON.parse(text);
}
