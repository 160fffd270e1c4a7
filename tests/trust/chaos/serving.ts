import { expect, type TestContext } from "vitest";
import type { Yard } from "../../e2e/yard";
import { Requests } from "../requests";
import { urlOf } from "./chaos-yard";
import type { Faults } from "./faults";
import { expectSound } from "./history";

/**
 * Runs `work` while a client asks for the service all the time. Then everything is repaired, and nothing may
 * be left of the fault.
 *
 * @param tolerated part of the requests that may fail. @default none
 */
export async function whileServing(
  { task }: Pick<TestContext, "task">,
  { yard, faults }: { readonly yard: Yard; readonly faults: Faults },
  work: () => Promise<void>,
  tolerated = 0,
): Promise<void> {
  // Packets get lost on purpose and are sent again: slow is not failed.
  const requests = new Requests(urlOf(yard), { timeoutMs: 20_000 });
  try {
    await work();
    faults.repair();
    await expectSound(yard);
  } finally {
    faults.repair();
    const { sent, failed, failures } = await requests.stop();
    task.meta.failedRequests = failed;
    expect(sent).toBeGreaterThan(20);
    expect(failed, failures.join("\n")).toBeLessThanOrEqual(sent * tolerated);
  }
}
