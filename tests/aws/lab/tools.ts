import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { foldersOf } from "../../../tools/setup/folders";

/** Programs of the laboratory that come from Python packages. */
export interface LabTools {
  readonly python: string;
  /** Folder that holds the `aws` command. */
  readonly bin: string;
}

const requirements = join(__dirname, "requirements.txt");

/** Finds moto and the AWS command line in the cache, or installs the pinned versions there. */
export function labTools(): LabTools {
  const pins = readFileSync(requirements);
  const key = createHash("sha256").update(pins).digest("hex").slice(0, 12);
  const folder = join(foldersOf(process.env).cache, "aws-lab", key);
  const ready = join(folder, "ready");
  if (!existsSync(ready)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    execFileSync("python3", ["-m", "venv", folder], { stdio: "pipe" });
    const pip = join(folder, "bin", "pip");
    execFileSync(pip, ["install", "--quiet", "--requirement", requirements], { stdio: "pipe" });
    mkdirSync(`${ready}.new`);
    renameSync(`${ready}.new`, ready);
  }
  return { python: join(folder, "bin", "python"), bin: join(folder, "bin") };
}
