import type { Arguments } from "../arguments";
import type { Progress } from "../setup/progress";
import { runFiles } from "../test/files";
import { chosenEngine } from "../test/tested-engines";

/** Runs the files of `tests/trust`: a real swarm under abuse; `--engine debian-12` on hosts with that Docker engine. */
export async function testTrust({ rest }: Arguments, progress: Progress): Promise<void> {
  const { engine, words } = chosenEngine(rest);
  await runFiles("trust", words, progress, engine === undefined ? {} : { engine });
}
