import type { Arguments } from "../arguments";
import { buildTraefik } from "../setup/airgap";
import { Failure } from "../setup/failure";
import { foldersOf } from "../setup/folders";
import type { Progress } from "../setup/progress";
import { runFiles } from "../test/files";

/** Variable by which the test of Traefik finds the program. */
export const TRAEFIK_VARIABLE = "SWARMYARD_TRAEFIK";

/**
 * Runs the files of `tests/systems`: the systems of platforms/ on real swarms, with small images, and a
 * Traefik that is built from Go modules, once.
 */
export async function testSystems({ rest }: Arguments, progress: Progress): Promise<void> {
  await runFiles("systems", rest, progress, {
    prepare: async (files) =>
      files.some((file) => file.startsWith("traefik")) ? traefik(progress) : {},
  });
}

/** Where Traefik is; without one its test is skipped. */
async function traefik(progress: Progress): Promise<NodeJS.ProcessEnv> {
  try {
    return { [TRAEFIK_VARIABLE]: await buildTraefik(progress, foldersOf(process.env).cache) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    progress.line(`Traefik is not tested: ${error.message}`);
    return {};
  }
}
