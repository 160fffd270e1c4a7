import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/folders";
import { capture, findCommand } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { oneCheck, oneSkip, sum, type Tally } from "./tally";
import { show } from "./vitest";

/** Format, lint, types (`npm run check`) and shell scripts. */
export async function runChecks(progress: Progress): Promise<Tally> {
  const check = await show(progress, "npm", ["run", "--silent", "check"]);
  return sum([oneCheck("npm run check", check === 0), await checkScripts(progress)]);
}

async function checkScripts(progress: Progress): Promise<Tally> {
  if (findCommand("shellcheck") === undefined) {
    return oneSkip("shellcheck", "it is not installed on this machine");
  }
  const { stdout } = await capture("git", ["ls-files", "-z"], { cwd: root });
  const scripts = stdout.split("\0").filter((file) => file !== "" && isScript(join(root, file)));
  const status = scripts.length === 0 ? 0 : await show(progress, "shellcheck", scripts);
  return oneCheck(`shellcheck of ${scripts.length} scripts`, status === 0);
}

function isScript(path: string): boolean {
  if (!existsSync(path) || /\.(ts|md|json|png)$/.test(path)) return false;
  return /^#!.*\b(sh|bash|dash)\b/.test(readFileSync(path, "utf8").slice(0, 100));
}
