import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FindAlias, readAlias, UNSET } from "../environment/ssh-aliases";

/** Files that `ssh` reads, the first first. */
const USUAL = ["~/.ssh/config", "/etc/ssh/ssh_config"];

/** How long ssh may take: its settings may run a command (`Match exec`). */
const PATIENCE_MS = 10_000;

/**
 * Asks `ssh -G`, which is the reference for what its settings mean and connects to nothing.
 *
 * @throws Error with what ssh says
 */
export const findAlias: FindAlias = (name, file) => {
  // The first value counts, so what comes last shows what the files leave open.
  const settings = [
    ...(file === true ? USUAL : [file]).map((path) => `Include ${JSON.stringify(path)}`),
    "Match all",
    `User ${UNSET.user}`,
    `IdentityFile ${UNSET.file}`,
  ].join("\n");
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-ssh-"));
  try {
    const config = join(folder, "config");
    writeFileSync(config, `${settings}\n`);
    return readAlias(ask(["-G", "-F", config, "--", name]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function ask(args: readonly string[]): string {
  const options = { encoding: "utf8", timeout: PATIENCE_MS } as const;
  const { status, stdout, stderr, error } = spawnSync("ssh", args, options);
  if (error !== undefined) {
    const missing = "code" in error && error.code === "ENOENT";
    throw new Error(missing ? "there is no command ssh on this machine" : error.message);
  }
  if (status === 0) return stdout;
  throw new Error(stderr.trim() || `ssh ended with ${status}`);
}
