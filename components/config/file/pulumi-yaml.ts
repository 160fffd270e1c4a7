import type { ParseOptions, ScalarTag, SchemaOptions, Tags } from "yaml";

// Pulumi reads its files as YAML 1.1 with some of 1.2: `0440` is octal, `1_000` a number, and a date
// becomes a time. A second reader that differed would draw another environment than `up` makes.

const INTEGER = /^[-+]?(0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|[1-9][0-9_]*)$/;
const DECIMAL = /^[-+]?(\.[0-9][0-9_]*|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$/;
const TIME =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]| +)(\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

function numberOf(text: string): number {
  const plain = text.replaceAll("_", "").replace(/^\+/, "");
  const sign = plain.startsWith("-") ? -1 : 1;
  const digits = plain.replace(/^-/, "").toLowerCase();
  return sign * (/^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits));
}

/** A time as Pulumi writes it: `2024-01-01 00:00:00 +0000 UTC`; the text itself when there is no such day. */
function timeOf(text: string): string {
  const [, year = "", month = "", day = "", ...time] = TIME.exec(text) ?? [];
  const [hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = time;
  const two = (part: string) => part.padStart(2, "0");
  const date = `${year}-${two(month)}-${two(day)}`;
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== date) return text;
  const offset = zone.replace(":", "");
  const zones = zone === "Z" ? "+0000 UTC" : `${offset} ${offset}`;
  return `${date} ${two(hour)}:${two(minute)}:${two(second)}${fraction} ${zones}`;
}

function tag(name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve };
}

/** Options with which plain values mean what they mean to Pulumi. */
export const asPulumi: ParseOptions & SchemaOptions = {
  merge: true,
  customTags: (tags: Tags) => [
    tag("int", INTEGER, numberOf),
    tag("float", DECIMAL, numberOf),
    tag("timestamp", TIME, timeOf),
    ...tags,
  ],
};
