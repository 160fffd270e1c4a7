import type { Arguments } from "../arguments";
import type { Progress } from "../setup/progress";
import { runFiles } from "../test/files";

/** Runs the files of `tests/trust`: a real swarm under abuse. */
export async function testTrust({ rest }: Arguments, progress: Progress): Promise<void> {
  await runFiles("trust", rest, progress);
}
