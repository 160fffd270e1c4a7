import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isMap } from "../../model/merge";
import type { PlatformSource } from "../../model/platform/source";
import { type Failing, indexProblem, loadProblems } from "./load-failure";
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
    return existsSync(file) ? platformIn(file, root, from) : undefined;
  };
}

/** TypeScript says nothing about the lines of its values. */
function platformIn(file: string, root: string, from: string): PlatformSource {
  const source = { problems: [], warnings: [], lineOf: () => undefined };
  try {
    const exported = requireTypeScript(file);
    if (isMap(exported) && isMap(exported.platform)) return { ...source, spec: exported.platform };
    return { ...source, problems: [indexProblem(from, "it does not export `platform`")] };
  } catch (error) {
    const again = () => requireTypeScript(file);
    const failing = { root, from, load: again, mapOf: runtime().mapOf };
    return { ...source, problems: loadProblems(error, failing) };
  }
}

const load = createRequire(__filename);

/** Loads TypeScript, however the program was started. */
function requireTypeScript(file: string): unknown {
  runtime();
  return load(file);
}

function runtime(): Pick<Failing, "mapOf"> {
  return load("../../runtime/typescript.cjs");
}
