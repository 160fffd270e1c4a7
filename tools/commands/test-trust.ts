import type { Arguments } from "../arguments";
import type { Progress } from "../setup/progress";
import { runFiles } from "../test/files";
import { trustPage } from "../test/trust-page";

/** Runs the files of `tests/trust`: the local environment under abuse. */
export async function testTrust({ rest }: Arguments, progress: Progress): Promise<void> {
  await runFiles({ suite: "tests/trust", page: trustPage }, rest, progress);
}
