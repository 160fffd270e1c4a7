import type { Checked } from "../fields/field";
import { hidden, matching, whole } from "../fields/rules";
import * as t from "../fields/types";
import type { Finding } from "../problem";

/** Docker allows less than 500 KiB in a secret or config on every Docker engine. */
const MAX_BYTES = 500 * 1024 - 1;

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
  hidden(`text of 1 to ${MAX_BYTES} bytes`, (value) => {
    const size = Buffer.byteLength(value);
    return size > 0 && size <= MAX_BYTES;
  }),
);

/** A secret of the swarm: `data`, or `random` for data that is made once. */
export const secretFields = {
  /** Beginning of the name; a hash of the data is added. @example blue_password */
  base,
  /** The secret itself. */
  data,
  /** Number of random letters and digits. @example 32 */
  random: t.number(whole(8, 1024, 32)),
  /** Fills templates in the data for each task. @default none */
  templateDriver: t.oneOf("golang"),
  /** @default {} */
  labels: t.texts().filled({}),
};

/** A config of the swarm. */
export const configFields = {
  /** Beginning of the name; a hash of the data is added. @example blue_settings */
  base,
  /** The content. */
  data: data.required(),
  /** Fills templates in the data for each task. @default none */
  templateDriver: t.oneOf("golang"),
  /** @default {} */
  labels: t.texts().filled({}),
};

/** What Check makes: the name is the base and a hash of the data. */
export type SecretInputs = Checked<typeof secretFields> & {
  readonly name: string;
  readonly data: string;
};
export type ConfigInputs = Checked<typeof configFields> & { readonly name: string };

/** A secret has its data from one of two places. */
export function sourceProblems({ data, random }: { data?: unknown; random?: unknown }): Finding[] {
  if ((data === undefined) !== (random === undefined)) return [];
  const found = data === undefined ? "neither data nor random" : "both data and random";
  return [{ keys: ["data"], found, allowed: "one of them", fix: "`data`, or `random: 32`" }];
}
