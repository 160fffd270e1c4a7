import { basename } from "node:path";
import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import type { Keys, Problem } from "./problem";

/** A YAML file with the places of its values. */
export interface LocatedFile {
  readonly path: string;
  readonly document: Document;
  readonly counter: LineCounter;
}

/** Adds `file:line` to the problems whose values, or the nearest around them, stand in one of the files. */
export function withLines(
  problems: readonly Problem[],
  project: string,
  files: readonly LocatedFile[],
): readonly Problem[] {
  return problems.map((problem) => {
    const [section, ...rest] = problem.keys ?? [];
    if (section === undefined) return problem;
    const names = [`${project}:${section}`, String(section)];
    for (const file of files) {
      for (const name of names) {
        const offset = offsetOf(file.document.contents, ["config", name, ...rest], 2);
        if (offset === undefined) continue;
        const line = `${basename(file.path)}:${file.counter.linePos(offset).line}`;
        return { ...problem, line };
      }
    }
    return problem;
  });
}

/** Where the value at the keys begins, or the deepest around it; undefined when not even `atLeast` keys lead anywhere. */
function offsetOf(root: unknown, keys: Keys, atLeast: number): number | undefined {
  let node: unknown = root;
  let offset: number | undefined;
  for (const [depth, key] of keys.entries()) {
    const found = step(node, key);
    if (found === undefined) return depth < atLeast ? undefined : offset;
    node = found.value;
    offset = found.offset;
  }
  return offset;
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
