import type { MapNode, Node } from "../tree";
import { withEnvFiles } from "./env-files";
import { withExtended, withOwnExtended } from "./extends";
import { loadFile } from "./load";
import { mergeFiles } from "./merge";
import type { FileSet } from "./request";

/**
 * Lays files over each other. A service that extends one of its own file, or of a named one, does so
 * before; one that extends a service of an earlier file, after.
 */
export function loadFiles(paths: readonly string[], set: FileSet): MapNode | undefined {
  const loaded = paths.flatMap((path) => {
    const file = loadFile(path, set);
    return file === undefined ? [] : [withOwnExtended(file, set)];
  });
  const [first, ...rest] = loaded;
  if (first === undefined) return undefined;
  const merged = rest.reduce<Node>(
    (base, over) => mergeFiles(...withEnvFiles(base, over, set), set.findings),
    first,
  );
  return merged.kind === "map" ? withExtended(merged, set) : undefined;
}
