import { basename } from "node:path";
import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import type { Keys, Problem } from "../../model/problem";

/** A YAML file with the places of its values. */
export interface LocatedFile {
  readonly path: string;
  readonly document: Document;
  readonly counter: LineCounter;
}

/**
 * Adds `file:line` to the problems whose values, or the nearest around them, are in one of the
 * files or in the base that the first of them names.
 */
export function withLines(
  problems: readonly Problem[],
  project: string,
  files: readonly LocatedFile[],
): readonly Problem[] {
  const base = files[0]?.document.getIn(["config", `${project}:base`]);
  return problems.map((problem) => {
    const [section, ...rest] = problem.keys ?? [];
    if (section === undefined) return problem;
    const ways: Keys[] = [
      ["config", `${project}:${section}`],
      ["config", String(section)],
      ["config", `${project}:bases`, "value", String(base), section],
    ];
    let best: Place | undefined;
    let at: LocatedFile | undefined;
    for (const file of files) {
      for (const way of ways) {
        const found = placeOf(file.document.contents, way, rest);
        if (found === undefined || found.depth <= (best?.depth ?? -1)) continue;
        best = found;
        at = file;
      }
    }
    if (best === undefined || at === undefined) return problem;
    const line = `${basename(at.path)}:${at.counter.linePos(best.offset).line}`;
    return { ...problem, line };
  });
}

interface Place {
  readonly offset: number;
  /** How many of the keys were found. */
  readonly depth: number;
}

/** Where the value at the keys begins, or the deepest around it; undefined when none of them exists. */
function placeOf(root: unknown, way: Keys, keys: Keys): Place | undefined {
  let node: unknown = root;
  let place: Place | undefined;
  for (const [index, key] of [...way, ...keys].entries()) {
    const found = step(node, key);
    if (found?.offset === undefined) break;
    node = found.value;
    if (index >= way.length - 1) place = { offset: found.offset, depth: index - way.length + 1 };
  }
  return place;
}

function step(node: unknown, key: string | number) {
  if (isSeq(node) && typeof key === "number") {
    const item = node.items[key] as Node | undefined;
    return item === undefined ? undefined : { value: item, offset: item.range?.[0] };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === `${key}`);
  if (pair === undefined) return undefined;
  return { value: pair.value, offset: (pair.key as Node).range?.[0] };
}
