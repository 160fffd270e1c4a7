import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Laboratory } from "./lab";

/** Begins the names of the files in which a run notes which calls its laboratories saw. */
export const callsPrefix = "aws-calls-";

/** Notes the calls of a laboratory's cloud, for the test of the operator's rights at the end. */
export async function noteCalls(lab: Laboratory): Promise<void> {
  const file = join(tmpdir(), `${callsPrefix}${lab.stack}.json`);
  writeFileSync(file, JSON.stringify(await lab.cloud.calls()));
}
