/** Looks a variable up; undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** A text whose variables cannot be filled in; the message says why. */
export class SubstitutionError extends Error {
  constructor(
    message: string,
    /** What to write or set. */
    public readonly fix: string,
    /** A dollar sign that begins no variable. */
    public readonly stray = false,
  ) {
    super(message);
  }
}

const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const DEEPEST = 30;

/**
 * Fills in the variables of a text: `$V`, `${V}`, `${V:-default}`, `${V-default}`, `${V:?message}`,
 * `${V?message}`, `${V:+other}`, `${V+other}`, nested, and `$$` for a dollar sign.
 *
 * @param unset is called with each variable that is not set and has no default
 * @throws SubstitutionError
 */
export function substitute(
  text: string,
  lookup: Lookup,
  unset: (name: string) => void = () => {},
  depth = 0,
): string {
  if (!text.includes("$")) return text;
  if (depth > DEEPEST) throw new SubstitutionError("variables nested too deeply", "fewer levels");
  let made = "";
  let from = 0;
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", from)) {
    made += text.slice(from, at);
    const next = text[at + 1];
    const name = nameAt(text, at + 1);
    if (next === "$") {
      made += "$";
      from = at + 2;
    } else if (name !== undefined) {
      made += filledIn(name, lookup, unset);
      from = at + 1 + name.length;
    } else if (next === "{") {
      const end = closing(text, at + 2);
      made += braced(text.slice(at + 2, end), lookup, unset, depth);
      from = end + 1;
    } else {
      throw new SubstitutionError(
        `a \`$\` before ${JSON.stringify(next ?? "")}`,
        "`$$` for a dollar sign",
        true,
      );
    }
  }
  return made + text.slice(from);
}

function nameAt(text: string, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0];
}

function filledIn(name: string, lookup: Lookup, unset: (name: string) => void): string {
  const value = lookup(name);
  if (value === undefined) unset(name);
  return value ?? "";
}

/** The brace that closes one that was opened before; braces inside count, so `${V:-{{.Node.ID}}}` works. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") open += 1;
    else if (text[at] === "}") open -= 1;
    if (open === 0) return at;
  }
  throw new SubstitutionError(
    "a `${` without its `}`",
    "`}` at the end, or `$$` for a dollar sign",
  );
}

function braced(
  inside: string,
  lookup: Lookup,
  unset: (name: string) => void,
  depth: number,
): string {
  const name = nameAt(inside, 0);
  const [, operator, rest = ""] =
    /^(:?[-?+]|$)([\s\S]*)$/.exec(inside.slice(name?.length ?? 0)) ?? [];
  if (name === undefined || operator === undefined) {
    throw new SubstitutionError(
      `\`\${${inside}}\`, which is not a variable`,
      "`${NAME}`, or `$$` for a dollar sign",
    );
  }
  if (operator === "") return filledIn(name, lookup, unset);
  const value = lookup(name);
  const given = value !== undefined && (value !== "" || !operator.startsWith(":"));
  const more = () => substitute(rest, lookup, unset, depth + 1);
  if (operator.endsWith("+")) return given ? more() : "";
  if (given) return value;
  if (operator.endsWith("-")) return defaultOf(rest, more);
  const message = more();
  const reason = message === "" ? "" : `: ${message}`;
  throw new SubstitutionError(
    `the required variable ${name} is not set${reason}`,
    `set ${name} in \`variables\` or \`envFiles\` of the platform, for \`convert\` with \`--env-file\``,
  );
}

/** Docker takes a default as it is. One with a stray dollar sign, such as a password's hash, stays so. */
function defaultOf(rest: string, more: () => string): string {
  try {
    return more();
  } catch (error) {
    if (error instanceof SubstitutionError && error.stray) return rest;
    throw error;
  }
}
