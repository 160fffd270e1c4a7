import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { PlatformSpec } from "../../model/platform/spec";
import type { FindPlatform } from "./platforms";

/** Names of the folders in platforms/ that have an index.ts. */
export function platformFolders(root: string): readonly string[] {
  const platforms = join(root, "platforms");
  if (!existsSync(platforms)) return [];
  return readdirSync(platforms).filter((name) => existsSync(join(platforms, name, "index.ts")));
}

/** Loads platforms from platforms/ of a project, each only when it is asked for. */
export function platformsIn(root: string): FindPlatform {
  return (from) => {
    const file = join(root, "platforms", from, "index.ts");
    if (!existsSync(file)) return undefined;
    const { platform } = requireTypeScript(file) as { platform?: PlatformSpec };
    if (platform === undefined) throw new Error("it exports no `platform`");
    return platform;
  };
}

/** Loads TypeScript by itself: it must not matter how the program was started. */
function requireTypeScript(file: string): unknown {
  const load = createRequire(__filename);
  load("../../runtime/typescript.cjs");
  return load(file);
}
