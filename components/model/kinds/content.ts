import { bytesOf, isCarried, sizeText } from "../bytes";
import type { Checked } from "../fields/field";
import { hidden, matching, whole } from "../fields/rules";
import * as t from "../fields/types";
import type { Finding } from "../problem";
import { knownFields, templateFault } from "../service/template";
import type { Properties } from "../values";

/** Most bytes that swarm takes: less than 500 KiB in a secret, less than 1000 KiB in a config. */
export const MOST_BYTES = { secret: 500 * 1024 - 1, config: 1000 * 1024 - 1 } as const;

const base = t
  .text(
    // Leaves room for the hash in Docker's 64 characters.
    matching(
      /^[A-Za-z0-9][\w.-]{0,49}$/,
      "up to 50 letters, digits, _ . and -, with a letter or digit first",
    ),
  )
  .required();

const data = t.text(
  hidden("text of at least 1 byte, in the encoding that is stated", (value) => value.length > 0),
);

const encoding = t.oneOf("base64");

/** A secret of the swarm: `data`, or `random` for data that is generated once. */
export const secretFields = {
  /** The start of the name; a hash of the data is appended. @example blue_password */
  base,
  /** The secret itself. */
  data,
  /** How `data` is written: base64 is for bytes that are not UTF-8. @default text */
  encoding,
  /** Number of random letters and digits. @example 32 */
  random: t.number(whole(8, 1024, 32)),
  /** Any text, such as a date: a random value is generated again when it changes. The one before is kept in `previous`. @default none @example 2026-11 */
  rotate: t.text(),
  /** Whether `previous` has a value before the first rotation too: the current one. @default false */
  keepPrevious: t.flag(),
  /** Fills templates in the data for each task. @default none */
  templateDriver: t.oneOf("golang"),
  /** @default {} */
  labels: t.texts().filled({}),
};

/** A config of the swarm. */
export const configFields = {
  /** The start of the name; a hash of the data is appended. @example blue_settings */
  base,
  /** The content. */
  data: data.required(),
  /** How `data` is written: base64 is for bytes that are not UTF-8. @default text */
  encoding,
  /** Fills templates in the data for each task. @default none */
  templateDriver: t.oneOf("golang"),
  /** @default {} */
  labels: t.texts().filled({}),
};

/** What Check makes: the name is the base and a hash of the data. */
export type SecretInputs = Checked<typeof secretFields> & {
  readonly name: string;
  readonly data: string;
  /** The random value before the last rotation. */
  readonly previous?: string;
  /** How that one was asked for: asking for the same again brings it back. */
  readonly previousAs?: string;
};
export type ConfigInputs = Checked<typeof configFields> & { readonly name: string };

type Sources = {
  data?: unknown;
  encoding?: unknown;
  random?: unknown;
  rotate?: unknown;
  keepPrevious?: unknown;
};

/** What is wrong between the fields of a secret: it has its data from one of two places. */
export function secretProblems(sources: Sources): Finding[] {
  const { data, encoding, random } = sources;
  const astray = (["rotate", "keepPrevious"] as const).filter((key) => !!sources[key]);
  if (random === undefined && astray.length > 0) {
    const fix = "leave it out: other data changes where it is stated";
    return astray.map((key) => {
      const found = `${key} of data that is not random`;
      return { keys: [key], found, allowed: "only beside `random`", fix };
    });
  }
  if (random === undefined && data !== undefined) return sizeProblems("secret", data, encoding);
  if (data === undefined && random !== undefined) {
    if (encoding === undefined || encoding === null) return [];
    const found = "an encoding of random text";
    return [{ keys: ["encoding"], found, allowed: "only beside `data`", fix: "leave it out" }];
  }
  const found = data === undefined ? "neither data nor random" : "both data and random";
  return [{ keys: ["data"], found, allowed: "one of them", fix: "`data`, or `random: 32`" }];
}

/** What is wrong between the fields of a config. */
export function configProblems({ data, encoding, templateDriver }: Properties): Finding[] {
  const problems = sizeProblems("config", data, encoding);
  if (templateDriver !== "golang" || typeof data !== "string") return problems;
  if (encoding === "base64") {
    const found = "golang with data that is not text";
    return [{ keys: ["templateDriver"], found, allowed: "text", fix: "leave it out" }];
  }
  const fault = templateFault(data, undefined, true);
  if (fault === undefined) return problems;
  const allowed = `${knownFields}, secret, config and env, and Go's functions`;
  const fix = '`{{"{{"}}` for a {{ that is for the program';
  return [...problems, { keys: ["data"], found: `a template: ${fault}`, allowed, fix }];
}

/** Bytes that swarm does not take. Nothing of the value is shown. */
function sizeProblems(kind: keyof typeof MOST_BYTES, data: unknown, encoding: unknown): Finding[] {
  if (typeof data !== "string" || data === "") return [];
  const about = (found: string, allowed: string, fix: string) => [
    { keys: ["data"], found, allowed, fix },
  ];
  if (!isCarried(data, encoding)) {
    return encoding === "base64"
      ? about("text that is not base64", "base64", "leave out `encoding` for text")
      : about("text with half a character", "UTF-8", "`encoding: base64` for other bytes");
  }
  const size = bytesOf({ data, encoding: encoding === "base64" ? encoding : undefined }).length;
  const most = MOST_BYTES[kind];
  if (size <= most) return [];
  return about(sizeText(size), `1 to ${sizeText(most)} in a ${kind}`, "less data");
}
