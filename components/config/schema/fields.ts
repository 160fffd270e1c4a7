import { z } from "zod";
import { parseBytes, parseDuration } from "../../model/quantities";

// The message of every field says what is allowed, with an example in backticks where one helps;
// explain.ts makes the rest of the problem of it.

/** Any text. */
export const text = (allowed = "text") => z.string({ error: allowed });

/** Text of a certain form. */
export const matching = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

/** A whole number within limits. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER, example = min) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const allowed = `a whole number ${range}, such as \`${example}\``;
  return z
    .number({ error: allowed })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error: allowed });
}

/** Any number from `min` on. */
export function quantity(min: number, example: number) {
  const allowed = `a number of at least ${min}, such as \`${example}\``;
  return z.number({ error: allowed }).refine((value) => value >= min, { error: allowed });
}

/** `true` or `false`. */
export const flag = z.boolean({ error: "`true` or `false`" });

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: values.join(", ") });

/** Text that YAML may read as a number or a truth value. */
export const loose = z
  .union([z.string(), z.number(), z.boolean()], { error: "text" })
  .transform((value) => String(value));

/** A list. */
export const list = <T extends z.ZodType>(item: T, allowed: string) =>
  z.array(item, { error: allowed });

/** A map with free keys. */
export const map = <T extends z.ZodType>(value: T, allowed = "a map") =>
  z.record(z.string(), value, { error: allowed });

/** A map whose keys have a certain form. */
export const keyed = <T extends z.ZodType>(key: z.ZodString, value: T, allowed = "a map") =>
  z.record(key, value, { error: allowed });

/** A map with known keys only; its message for an unknown key lists the known ones. */
export const object = <const S extends z.ZodRawShape>(shape: S, example?: string) =>
  z.strictObject(shape, {
    error: (issue) => {
      const keys = Object.keys(shape).join(", ");
      if (issue.code === "unrecognized_keys") return keys;
      return `a map with ${keys}${example === undefined ? "" : `, such as \`${example}\``}`;
    },
  });

/** Text to text; numbers and truth values become text. */
export const texts = map(loose, "a map of text to text");

/** Text that a parser takes; a RangeError means that it does not. */
function parsed(parse: (value: string) => unknown, allowed: string) {
  const reads = (value: string) => {
    try {
      parse(value);
      return true;
    } catch {
      return false;
    }
  };
  return z.string({ error: allowed }).refine(reads, { error: allowed });
}

/** A duration as Docker writes it. */
export const duration = parsed(
  parseDuration,
  "a duration such as `30s`, with a unit (ms, s, m, h)",
);

/** A size as Docker writes it. */
export const size = parsed(
  parseBytes,
  "a size such as `512MiB`, with a unit (KiB, MiB, GiB, MB, GB)",
);

const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** An IPv4 network. */
export const cidr = (example: string) =>
  matching(
    new RegExp(`^${octet}(\\.${octet}){3}/(3[0-2]|[12]?\\d)$`),
    `an IPv4 network such as \`${example}\``,
  );

/** An IPv4 address. */
export const address = matching(
  new RegExp(`^${octet}(\\.${octet}){3}$`),
  "an IPv4 address such as `10.0.1.10`",
);

/** Name of a platform. */
export const key = matching(
  /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/,
  "a name of small letters, digits, `-` and `_` that starts and ends with a letter or digit",
);

/** Key of a service, network, volume, secret, config or image, and the end of its real name. */
export const part = matching(
  /^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/,
  "a name of letters, digits, `-`, `_` and `.` that starts and ends with a letter or digit",
);
