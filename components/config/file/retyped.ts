import { isMap, isScalar, isSeq, Scalar } from "yaml";
import { isMap as isPlainMap, type PlainMap } from "../../model/merge";
import { sameValue } from "../../model/paths";
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import type { Reading } from "../read-environment";
import type { LocatedFile } from "./lines";
import { NAMESPACE } from "./written";

/** A value without quotes that YAML does not keep as it was written: `1.10` becomes 1.1. */
export interface Retyped {
  /** Keys below `config:`, without our namespace. */
  readonly keys: Keys;
  /** What was written. */
  readonly written: string;
  /** What it becomes, as text. */
  readonly becomes: string;
  /** It is the name of a value, not the value. */
  readonly isKey: boolean;
}

/** All such values of an environment file, and of the base that it names. */
export function retypedIn(files: readonly LocatedFile[]): readonly Retyped[] {
  const [own, ...projects] = files.map(({ document }) => document.getIn(["config"], true));
  const base = String(files[0]?.document.getIn(["config", `${NAMESPACE}:base`]));
  const inFile = below(own, []).flatMap((one) => inNamespace(one, base));
  const inProject = projects.flatMap((node) =>
    below(node, []).flatMap((one) => inNamespace(one, base)),
  );
  const places = new Set(inFile.map(({ keys }) => JSON.stringify(keys)));
  return [...inFile, ...inProject.filter(({ keys }) => !places.has(JSON.stringify(keys)))];
}

function below(node: unknown, keys: Keys): readonly Retyped[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => below(item, [...keys, index]));
  if (isScalar(node)) return retyped(node, keys, false);
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return [];
    if (key.value === "<<") return below(value, keys);
    const name = [...keys, String(key.value)];
    return [...retyped(key, name, true), ...below(value, name)];
  });
}

function retyped(node: Scalar, keys: Keys, isKey: boolean): readonly Retyped[] {
  const { source: written, value } = node;
  if (node.type !== Scalar.PLAIN || node.tag !== undefined || written === undefined) return [];
  if (value === null || String(value) === written) return [];
  return [{ keys, written, becomes: String(value), isKey }];
}

/** The same with the keys that the settings have: `swarmyard:hosts`, or a part of the base. */
function inNamespace(one: Retyped, base: string): readonly Retyped[] {
  const [first, ...rest] = one.keys;
  const name = String(first);
  if (name.includes(":") && !name.startsWith(`${NAMESPACE}:`)) return [];
  const section = name.replace(/^[^:]*:/, "");
  const inner = rest[0] === "value" || rest[0] === "default" ? rest.slice(1) : rest;
  if (section !== "bases") return [{ ...one, keys: [section, ...inner] }];
  return inner[0] === base && inner.length > 1 ? [{ ...one, keys: inner.slice(1) }] : [];
}

/** What to do with a value that would reach a task as another text. */
export function retypedProblem({ keys, written, becomes, isKey }: Retyped): Problem {
  const name = isKey ? `"${written}":` : `${keys.at(-1)}: "${written}"`;
  return fileProblem(keys, {
    found: `${written} without quotes, which YAML reads as ${becomes}`,
    allowed: "text in quotes, which stays as it is written",
    fix: `\`${typeof keys.at(-1) === "number" && !isKey ? `"${written}"` : name}\``,
  });
}

/**
 * What stands where text is expected and would be another text: env, labels, options, whatever field
 * takes text. Where a number is expected, `0.50` and `0440` are fine.
 *
 * @param read reads an environment from values
 */
export function retypedProblems(
  retyped: readonly Retyped[],
  values: PlainMap,
  reading: Reading,
  read: (values: PlainMap) => Reading,
): readonly Problem[] {
  const isWrong = ({ problems }: Reading, { keys }: Retyped) =>
    problems.some((problem) => sameValue(problem.keys, keys));
  const changesText = (one: Retyped): boolean => {
    // As text: a field that does not take text refuses it, and a mode in octal stays the same.
    const asText = read(replaced(values, one));
    if (isWrong(asText, one)) return false;
    if (isWrong(reading, one)) return true;
    if (reading.environment === undefined) return one.keys.at(-1) !== "mode";
    return asText.environment !== undefined && !sameValue(asText.environment, reading.environment);
  };
  return retyped.filter((one) => one.isKey || changesText(one)).map(retypedProblem);
}

function replaced(values: PlainMap, { keys, written }: Retyped): PlainMap {
  return put(values, keys, written) as PlainMap;
}

function put(around: unknown, [key, ...rest]: Keys, text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(around)) {
    return around.map((item, index) => (index === key ? put(item, rest, text) : item));
  }
  const map: PlainMap = isPlainMap(around) ? around : {};
  return { ...map, [key]: put(map[key], rest, text) };
}
