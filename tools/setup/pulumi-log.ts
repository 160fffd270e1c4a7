import { existsSync, lstatSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const note = `Pulumi writes no log of each run here: it costs time, grows to 500 MB and holds secrets.
To have it written, set SWARMYARD_DEBUG=1.
`;

/**
 * Keeps Pulumi from logging everything that each run does: it does not when `logs` is a file. There is no
 * setting for it. With SWARMYARD_DEBUG the log is written.
 *
 * @param home a PULUMI_HOME of ours; the logs of before are removed from it
 */
export function withoutLog(home: string, env: NodeJS.ProcessEnv = process.env): void {
  const logs = join(home, "logs");
  const isOff = existsSync(logs) && lstatSync(logs).isFile();
  const wanted = Boolean(env.SWARMYARD_DEBUG);
  if (isOff !== wanted) return;
  try {
    rmSync(logs, { recursive: true, force: true });
    if (!wanted) writeFileSync(logs, note, { mode: 0o600 });
  } catch {
    // Another run logs there just now, or the folder is somebody else's: then it is as before.
  }
}
