import { nearest } from "../../model/nearest";
import type { Keys } from "../../model/problem";
import { parseBytes, parseDuration } from "../../model/quantities";
import type { Findings } from "../findings";
import { entriesOf, isNothing, itemsOf, type Node, shown } from "../tree";

/** No number, duration or size is longer. */
const LONGEST = 100;

type Found<T> = T | undefined;

/** Reads values of their kinds. What is malformed is reported and undefined; what is absent or null is undefined. */
export class Values {
  constructor(public readonly findings: Findings) {}

  /** Any single value as text. */
  text(node: Found<Node>, keys: Keys): Found<string> {
    if (node?.kind === "scalar" && node.typed !== undefined) {
      this.findings.warn(node.at, keys, {
        found: `${node.typed}, of which YAML makes ${JSON.stringify(node.text)}`,
        allowed: "quotes, if it is meant as it is written",
        fix: `"${node.typed}"`,
      });
    }
    return this.plain(node, keys);
  }

  private plain(node: Found<Node>, keys: Keys): Found<string> {
    if (node === undefined || isNothing(node)) return undefined;
    if (node.kind === "scalar") return node.text;
    return this.wrong(node, keys, "text", "`text`");
  }

  /** A name; Docker takes an empty one, which an unset variable makes, as none. */
  name(node: Found<Node>, keys: Keys): Found<string> {
    return this.plain(node, keys) || undefined;
  }

  /** A truth value, also as the text of one, which variables make. */
  flag(node: Found<Node>, keys: Keys): Found<boolean> {
    if (node === undefined || isNothing(node)) return undefined;
    const text = node.kind === "scalar" ? node.text : "";
    if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
    const meant = /^(?:yes|on|y)$/i.test(text)
      ? "true"
      : /^(?:no|off|n)$/i.test(text)
        ? "false"
        : "true";
    return this.wrong(node, keys, "true or false", `\`${meant}\``);
  }

  /** A whole number, also as text. */
  whole(node: Found<Node>, keys: Keys, min = 0): Found<number> {
    const number = this.number(node, keys);
    if (number === undefined || node === undefined) return undefined;
    if (Number.isSafeInteger(number) && number >= min) return number;
    return this.wrong(node, keys, `a whole number of at least ${min}`, `\`${Math.max(min, 1)}\``);
  }

  /** Permissions as in chmod, with the zero that says octal. */
  mode(node: Found<Node>, keys: Keys): Found<string> {
    const quoted =
      node?.kind === "scalar" && typeof node.value === "string" && node.written === undefined;
    // In quotes it is octal also without the zero, as compose has it; Docker refuses quotes.
    if (quoted && /^[0-7]{1,5}$/.test(node.text))
      return this.permissions(Number.parseInt(node.text, 8), node, keys);
    const mode = this.whole(node, keys);
    if (mode === undefined || node === undefined) return undefined;
    if (node.kind === "scalar" && node.typed === undefined && meansOctal(node.text, mode)) {
      this.findings.warn(node.at, keys, {
        found: `${node.text}, which is 0${mode.toString(8)} in octal, as with \`docker stack deploy\``,
        allowed: "permissions as in chmod, with the zero that says octal, and not of a variable",
        fix: `\`0${node.text.slice(-3)}\``,
      });
    }
    return this.permissions(mode, node, keys);
  }

  private permissions(mode: number, node: Node, keys: Keys): Found<string> {
    const octal = `0${mode.toString(8)}`;
    if (mode <= 0o7777) return octal;
    const digits = node.kind === "scalar" ? node.text : "";
    this.findings.wrong(node.at, keys, {
      found: `${digits}, which is ${octal} in octal`,
      allowed: "permissions up to 07777, with the zero that says octal",
      fix: /^[0-7]{4}$/.test(digits) ? `\`0${digits}\`` : "`0440`",
    });
    return undefined;
  }

  /** A number, also as text. */
  number(node: Found<Node>, keys: Keys): Found<number> {
    if (node === undefined || isNothing(node)) return undefined;
    const text = node.kind === "scalar" ? node.text.trim() : "";
    if (text.length <= LONGEST && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text))
      return Number(text);
    return this.wrong(node, keys, "a number", "`1`");
  }

  /** A duration such as `1m30s`. */
  duration(node: Found<Node>, keys: Keys): Found<string> {
    const allowed = "a duration such as `30s`, with a unit (ms, s, m, h)";
    return this.parsed(node, keys, parseDuration, allowed, (text) =>
      /^\d+$/.test(text) ? `${text}s` : "30s",
    );
  }

  /** A size such as `512M`. */
  size(node: Found<Node>, keys: Keys): Found<string> {
    return this.parsed(node, keys, parseBytes, "a size such as `512M`", () => "512M");
  }

  private parsed(
    node: Found<Node>,
    keys: Keys,
    parse: (text: string) => unknown,
    allowed: string,
    example: (text: string) => string,
  ): Found<string> {
    const text = this.plain(node, keys);
    if (text === undefined || node === undefined) return undefined;
    try {
      if (text.length > LONGEST) throw new RangeError("too long");
      // Docker takes `.5g` too.
      const whole = text.replace(/^\./, "0.");
      parse(whole);
      return whole;
    } catch {
      return this.wrong(node, keys, allowed, `\`${example(text)}\``);
    }
  }

  /** One of a few words; empty text, which an unset variable makes, is none. `meant` is what to write for others. */
  word<T extends string>(
    node: Found<Node>,
    keys: Keys,
    words: readonly T[],
    meant: { readonly [text: string]: T } = {},
  ): Found<T> {
    const text = this.name(node, keys);
    if (text === undefined || node === undefined) return undefined;
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    const near = Object.hasOwn(meant, text) ? meant[text] : nearest(text, words);
    return this.wrong(
      node,
      keys,
      words.join(", "),
      near === undefined ? `\`${words[0]}\`` : `did you mean \`${near}\`?`,
    );
  }

  /** A list of texts. */
  texts(node: Found<Node>, keys: Keys): Found<readonly string[]> {
    if (node === undefined || isNothing(node)) return undefined;
    if (node.kind !== "list") return this.wrong(node, keys, "a list", "`[a, b]`");
    return itemsOf(node).flatMap((item, index) => this.text(item, [...keys, index]) ?? []);
  }

  /** A list of names; empty ones, which unset variables make, are left out as compose does. */
  names(node: Found<Node>, keys: Keys): Found<readonly string[]> {
    const names = this.texts(node, keys)?.filter((name) => name !== "");
    return names?.length === 0 && itemsOf(node).length > 0 ? undefined : names;
  }

  /** A list of texts; an empty one is none. */
  words(node: Found<Node>, keys: Keys): Found<readonly string[]> {
    const texts = this.texts(node, keys);
    return texts?.length === 0 ? undefined : texts;
  }

  /** A map of text to text; null becomes empty text. */
  map(node: Found<Node>, keys: Keys): Found<{ readonly [key: string]: string }> {
    if (node === undefined || isNothing(node)) return undefined;
    if (node.kind !== "map") return this.wrong(node, keys, "a map", "`{ key: value }`");
    const entries = entriesOf(node).map(
      ([key, { value }]) => [key, this.text(value, [...keys, key]) ?? ""] as const,
    );
    return Object.fromEntries(entries);
  }

  /** Reports a value that is not what it should be. */
  wrong(node: Node, keys: Keys, allowed: string, fix: string): undefined {
    this.findings.wrong(node.at, keys, { found: shown(node), allowed, fix });
    return undefined;
  }
}

/** The map without the keys whose value is undefined; undefined when nothing is left. */
export function filled<T extends object>(map: T): T | undefined {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : given(map);
}

/** The map without the keys whose value is undefined. */
export function given<T extends object>(map: T): T {
  const made = { ...map };
  for (const key of Object.keys(made) as (keyof T)[]) if (made[key] === undefined) delete made[key];
  return made;
}

/** Whether a decimal number reads as permissions, such as 440, but is none that people give. */
function meansOctal(text: string, mode: number): boolean {
  return isUsual(text.replace(/^0/, "")) && !isUsual(mode.toString(8));
}

/** Permissions that let the owner do what others do, at least. */
function isUsual(digits: string): boolean {
  const [owner = "", group = "", others = ""] = digits;
  return /^[4567][04567]{2}$/.test(digits) && owner >= group && group >= others;
}
