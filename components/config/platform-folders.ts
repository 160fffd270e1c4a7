import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { require as requireTypeScript } from "tsx/cjs/api";
import type { PlatformSpec } from "./platform-spec";
import type { FindPlatform } from "./platforms";

/** Names of the folders in platforms/ that have an index.ts. */
export function platformFolders(root: string): readonly string[] {
  const platforms = join(root, "platforms");
  if (!existsSync(platforms)) return [];
  return readdirSync(platforms).filter((name) => existsSync(join(platforms, name, "index.ts")));
}

/**
 * Loads platforms from platforms/ of a project, each only when it is asked for. It loads
 * TypeScript itself, so that it does not matter how the program was started.
 */
export function platformsIn(root: string): FindPlatform {
  return (from) => {
    const file = join(root, "platforms", from, "index.ts");
    if (!existsSync(file)) return undefined;
    const { platform } = requireTypeScript(file, __filename) as { platform?: PlatformSpec };
    if (platform === undefined) throw new Error("it exports no `platform`");
    return platform;
  };
}
