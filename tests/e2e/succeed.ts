import { expect } from "vitest";
import type { Yard } from "./yard";

/** A command and its arguments. */
export type Words = [command: string, ...args: string[]];

/** Runs a command in a yard, which must succeed. @returns what it printed */
export async function succeedIn(yard: Yard, ...[command, ...args]: Words): Promise<string> {
  const { status, output } = await yard.run(command, args);
  expect(status, output).toBe(0);
  return output;
}

/** A preview must have no changes. */
export async function expectNoChangesIn(yard: Yard): Promise<void> {
  await succeedIn(yard, "preview", "--expect-no-changes", "--diff");
}
