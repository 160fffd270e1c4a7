import type { Arguments } from "../arguments";
import type { Progress } from "../setup/progress";
import { runFiles } from "../test/files";

/** Runs the files of `tests/systems`: the systems of platforms/ on real swarms, with small images. */
export async function testSystems({ rest }: Arguments, progress: Progress): Promise<void> {
  await runFiles("systems", rest, progress);
}
