import { printable } from "./printable";

/** Keys that lead to a value, from the root of what is checked. */
export type Keys = readonly (string | number)[];

/** One problem in the settings, and how to fix it. */
export interface Problem {
  /** Where, as a reader finds it: `swarmyard:hosts.groups.db.count` or `platforms/demo: services.api.ports[0]`. */
  readonly path: string;
  /** Keys below `config:` when the value is in the environment file. @default it is elsewhere */
  readonly keys?: Keys;
  /** What was found there. */
  readonly found: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** What to write or run. */
  readonly fix: string;
  /** File and line, when known: `Pulumi.local.yaml:12`. @default unknown */
  readonly line?: string;
  /**
   * What makes it a repetition when another problem is about the same place: `missing`, a value that may only be
   * missing because it was wrong and left out; `read`, what a file became, whose reader may have refused it already.
   * @default it repeats none
   */
  readonly echo?: "missing" | "read";
}

/** What a problem says besides where it is. */
export type About = Pick<Problem, "found" | "allowed" | "fix" | "echo">;

/** Something wrong in a value, before its file is known. */
export interface Finding extends About {
  /** Keys below the root of what was checked. */
  readonly keys: Keys;
}

/** Writes keys as a path: `services.api.mounts["/data"].source`, `ports[0]`. */
export function pathText(keys: Keys): string {
  let text = "";
  for (const key of keys) {
    if (typeof key === "number") text += `[${key}]`;
    else if (!/^[\w-]+$/.test(key)) text += `[${JSON.stringify(key)}]`;
    else text += text === "" ? key : `.${key}`;
  }
  return text;
}

/** Whether keys lead to a value, or to something inside it. */
export function isBelow(inner: Keys, outer: Keys): boolean {
  return outer.every((key, index) => inner[index] === key);
}

/** Path of a value in the environment file: `swarmyard:hosts.groups.db`. */
export function filePath(keys: Keys): string {
  return keys.length === 0 ? "swarmyard:" : `swarmyard:${pathText(keys)}`;
}

/** A problem with a value of the environment file. */
export function fileProblem(keys: Keys, about: About): Problem {
  return { ...about, path: filePath(keys), keys };
}

/** A problem with a value that the environment file lacks. */
export function missingValue(keys: Keys, about: Omit<About, "found" | "echo">): Problem {
  return fileProblem(keys, { ...about, found: describe(undefined), echo: "missing" });
}

/** Describes a value in a few words, for `found`. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "nothing (null)";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "function") return "a function";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** Writes one problem as four lines: where, found, allowed, fix. */
export function formatProblem(problem: Problem): string {
  const line = problem.line === undefined ? "" : `  (${problem.line})`;
  const text = [
    `${problem.path}${line}`,
    `  found:   ${problem.found}`,
    `  allowed: ${problem.allowed}`,
    `  fix:     ${problem.fix}`,
  ].join("\n");
  // It quotes files, which somebody else may have written.
  return printable(text);
}

/** Writes all problems as one numbered list under a headline. */
export function formatProblems(environment: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const list = problems.map((problem, index) => {
    const number = `${index + 1}. `;
    return number + formatProblem(problem).replaceAll("\n", `\n${" ".repeat(number.length)}`);
  });
  return [`${count} in the settings of "${environment}":`, ...list].join("\n");
}
