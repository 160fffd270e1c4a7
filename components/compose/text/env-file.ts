import type { Lookup } from "./substitute";
import { SubstitutionError, substitute } from "./substitute";

/** A line of an env file that names a variable. */
export interface EnvLine {
  readonly name: string;
  /** Undefined for a name alone, which stands for the variable of that name. */
  readonly value: string | undefined;
  readonly line: number;
}

function linesOf(text: string): readonly { readonly text: string; readonly line: number }[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trimStart(), line: index + 1 }))
    .filter(({ text: line }) => line !== "" && !line.startsWith("#"));
}

/** Reads an env file as `docker stack deploy` does: whatever follows `=` is the value, also quotes. */
export function rawEnvFile(text: string): readonly EnvLine[] {
  return linesOf(text).map(({ text: content, line }) => {
    const equals = content.indexOf("=");
    if (equals < 0) return { name: content.trim(), value: undefined, line };
    return { name: content.slice(0, equals), value: content.slice(equals + 1), line };
  });
}

/** Reads an env file as compose does: `export`, quotes, comments after a value, and variables. */
export function dotEnvFile(text: string, lookup: Lookup): readonly EnvLine[] {
  const known = new Map<string, string>();
  return linesOf(text).map(({ text: content, line }) => {
    const [, name = "", rest] = /^(?:export\s+)?([^=\s]+)\s*(?:=(.*))?$/.exec(
      content.trimEnd(),
    ) ?? [undefined, content];
    if (rest === undefined) return { name, value: undefined, line };
    const value = dotEnvValue(rest.trimStart(), (key) => known.get(key) ?? lookup(key));
    known.set(name, value);
    return { name, value, line };
  });
}

function dotEnvValue(written: string, lookup: Lookup): string {
  const single = /^'([^']*)'/.exec(written);
  if (single !== null) return single[1] ?? "";
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(written);
  if (double === null) {
    const comment = written.search(/\s#/);
    const bare = comment < 0 ? written : written.slice(0, comment);
    return filledIn(bare.trimEnd(), lookup);
  }
  const escapes: { readonly [letter: string]: string } = { n: "\n", r: "\r", t: "\t" };
  const text = (double[1] ?? "").replaceAll(
    /\\(.)/g,
    (_, letter: string) => escapes[letter] ?? letter,
  );
  return filledIn(text, lookup);
}

/** A dollar sign that begins no variable stays, as passwords have them. */
function filledIn(text: string, lookup: Lookup): string {
  try {
    return substitute(text, lookup);
  } catch (error) {
    if (error instanceof SubstitutionError) return text;
    throw error;
  }
}
