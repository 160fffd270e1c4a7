import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { EnvironmentFile } from "./environment-file";
import { root } from "./folders";

/** True when Pulumi does not find an environment's file on its own. Pure. */
export function isElsewhere({ path }: Pick<EnvironmentFile, "path">): boolean {
  return path !== undefined && dirname(path) !== root;
}

/**
 * Runs something in a folder that has an environment's file beside the project's. `pulumi stack init`
 * has no option for a file in another folder: it would write one of its own into the checkout.
 */
export async function besideItsFile(
  file: Pick<EnvironmentFile, "path">,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  if (file.path === undefined || !isElsewhere(file)) return run(root);
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-stack-"));
  try {
    copyFileSync(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    copyFileSync(file.path, join(folder, basename(file.path)));
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
