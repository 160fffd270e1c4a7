import { z } from "zod";
import type { About } from "../problem";
import { parseBytes, parseDuration } from "../quantities";
import { wrongMode } from "./file-mode";

// The message of every rule says what is allowed, with an example in backticks where one helps;
// findings.ts builds the rest of the problem.

/** Any text. */
export const text = (allowed = "text") => z.string({ error: allowed });

/** Text of a certain form. */
export const matching = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

/** Text in which `wrong` finds nothing. What it returns replaces that part of the problem. */
export function checked(allowed: string, wrong: (value: string) => Partial<About> | undefined) {
  return z.string({ error: allowed }).check(({ value, issues }) => {
    const about = wrong(value);
    if (about === undefined) return;
    const message = about.allowed ?? allowed;
    issues.push({ code: "custom", input: value, message, params: { ...about } });
  });
}

/** Secret text: a problem never shows its value. */
export const hidden = (allowed: string, isValid: (value: string) => boolean) =>
  z
    .custom<string>((value) => typeof value === "string" && isValid(value), {
      error: allowed,
      params: { found: "a secret value that does not fit" },
    })
    .meta({ type: "string" });

/** A whole number within limits. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER, example = min) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = `a whole number ${range}, such as \`${example}\``;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** Any number within limits. */
export function quantity(min: number, example: number, max = Number.MAX_VALUE) {
  const range = max === Number.MAX_VALUE ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = `a number ${range}, such as \`${example}\``;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

/** `true` or `false`. */
export const flag = z.boolean({ error: "`true` or `false`" });

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: values.join(", ") });

/** Text that YAML may read as a number or a boolean; a number that may have been rounded is refused. */
export const loose = z
  .union([z.string(), z.number(), z.boolean()], { error: "text" })
  .check(({ value, issues }) => {
    if (typeof value !== "number" || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return;
    const params = { found: `${value}, a number that may have been rounded` };
    const message = "text, in quotes when it is a long number";
    issues.push({ code: "custom", input: value, message, params: { ...params, fix: "quotes" } });
  })
  .transform((value) => String(value));

/** Permissions as in chmod: octal text, or the number that it stands for. */
export const permissions = z
  .union([z.number(), z.string()], { error: 'permissions as in chmod, such as `"0440"`' })
  .check(({ value, issues }) => {
    const about = wrongMode(value);
    if (about === undefined) return;
    issues.push({ code: "custom", input: value, message: about.allowed, params: { ...about } });
  });

/** A list. */
export const list = <T extends z.ZodType>(item: T, allowed: string) =>
  z.array(item, { error: allowed });

/** A map whose keys have a certain form. */
export const keyed = <T extends z.ZodType>(key: z.ZodString, value: T, allowed = "a map") =>
  z.record(key, value, { error: allowed });

/** A map with free keys. */
export const map = <T extends z.ZodType>(value: T, allowed = "a map") =>
  keyed(z.string(), value, allowed);

/** Text to text; numbers and booleans become text. */
export const texts = map(loose, "a map of text to text");

/** A map with known keys only; its message for an unknown key lists the known ones. */
export const object = <const S extends z.ZodRawShape>(shape: S, example?: string) =>
  z.strictObject(shape, {
    error: (issue) => {
      const keys = Object.keys(shape).join(", ");
      if (issue.code === "unrecognized_keys") return keys;
      return `a map with ${keys}${example === undefined ? "" : `, such as \`${example}\``}`;
    },
  });

/** Text that a parser accepts, within limits. A RangeError means that the parser does not accept it. */
function parsed(
  parse: (value: string) => number,
  allowed: string,
  fits: (value: number) => boolean,
) {
  return z.string({ error: allowed }).refine(
    (value) => {
      try {
        return fits(parse(value));
      } catch {
        return false;
      }
    },
    { error: allowed },
  );
}

/** A duration as Docker writes it. `fits` sees nanoseconds. */
export const durationThat = (fits: (nanoseconds: number) => boolean, limits: string) =>
  parsed(parseDuration, `a duration such as \`30s\`, with a unit (ms, s, m, h)${limits}`, fits);

/** Any duration as Docker writes it. */
export const duration = durationThat(() => true, "");

/** A size as Docker writes it. `fits` sees bytes. */
export const sizeThat = (fits: (bytes: number) => boolean, limits: string) =>
  parsed(
    parseBytes,
    `a size such as \`512MiB\`, with a unit (KiB, MiB, GiB, MB, GB)${limits}`,
    fits,
  );

/** Any size as Docker writes it. */
export const size = sizeThat(() => true, "");
