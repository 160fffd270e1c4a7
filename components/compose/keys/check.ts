import { nearest } from "../../model/nearest";
import type { Keys } from "../../model/problem";
import type { Findings } from "../findings";
import { type At, entriesOf, isNothing, itemsOf, type Node, shown } from "../tree";
import { fileRule } from "./file";
import type { Rule, Rules, Verdict } from "./rule";

/** What becomes of one key of a file. */
export interface Conversion {
  readonly keys: Keys;
  readonly at: At;
  readonly verdict: Verdict;
  readonly note: string;
}

/** Checks every key of a file against the table, and says what becomes of each. */
export function checkKeys(root: Node, findings: Findings): readonly Conversion[] {
  const all: Conversion[] = [];
  new Check(findings, all).value(root, fileRule, []);
  return all;
}

class Check {
  constructor(
    private readonly findings: Findings,
    private readonly all: Conversion[],
  ) {}

  value(node: Node, rule: Rule, keys: Keys): void {
    if (isNothing(node)) return;
    if (rule.keys !== undefined) this.map(node, rule.keys, keys);
    if (rule.each !== undefined && this.fits(node, rule, keys)) {
      this.members(node, rule.each, keys);
    }
  }

  /** What holds several things is a list or a map; anything else would be passed over. */
  private fits(node: Node, { only }: Rule, keys: Keys): boolean {
    if (node.kind !== "scalar" && (only === undefined || only === node.kind)) return true;
    this.findings.wrong(node.at, keys, {
      found: shown(node),
      allowed: only === undefined ? "a list or a map" : `a ${only}`,
      fix: only === "list" ? "`[a, b]`, or a line with `- ` for each" : "`{ key: value }`",
    });
    return false;
  }

  private map(node: Node, rules: Rules, keys: Keys): void {
    if (node.kind !== "map") {
      const found = node.kind === "list" ? "a list" : JSON.stringify(node.text);
      this.findings.wrong(node.at, keys, {
        found,
        allowed: `a map with ${Object.keys(rules).slice(0, 12).join(", ")}`,
        fix: "a map",
      });
      return;
    }
    for (const [key, { at, value }] of node.entries) this.key([...keys, key], at, value, rules);
  }

  private members(node: Node, rule: Rule, keys: Keys): void {
    for (const [index, item] of itemsOf(node).entries()) {
      this.filled(item, rule, [...keys, index]);
      this.value(item, rule, [...keys, index]);
    }
    for (const [key, { at, value }] of entriesOf(node)) {
      // Only keys of Docker's own objects; a label or a variable can have any name.
      if (key.includes("${") && rule.keys !== undefined) this.variable([...keys, key], at);
      this.value(value, rule, [...keys, key]);
    }
  }

  /** A `-` with nothing behind it, or with more than text can hold, would be passed over. */
  private filled(item: Node, { keys: inside, each }: Rule, keys: Keys): void {
    if (isNothing(item)) {
      const fix = "remove this entry, or write its value";
      this.findings.wrong(item.at, keys, { found: "nothing", allowed: "a value", fix });
    } else if (item.kind !== "scalar" && inside === undefined && each === undefined) {
      const about = { found: shown(item), allowed: "text", fix: "`text`" };
      this.findings.wrong(item.at, keys, about);
    }
  }

  private key(keys: Keys, at: At, value: Node, rules: Rules): void {
    const key = String(keys.at(-1));
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined && key.startsWith("x-")) {
      this.note(keys, at, "ignored", "keys that begin with `x-` are yours");
    } else if (rule === undefined) {
      this.unknown(keys, at, key, rules);
    } else {
      this.note(keys, at, rule.verdict, rule.note);
      this.empty(keys, at, value, rule);
      if (rule.verdict === "refused") this.refuse(keys, at, value, rule);
      else if (rule.verdict !== "ignored") this.value(value, rule, keys);
    }
  }

  /** A key of which everything below may be commented out. */
  private empty(keys: Keys, at: At, value: Node, { keys: inside, each }: Rule): void {
    const holds = inside !== undefined || each !== undefined;
    if (!holds || !isNothing(value)) return;
    this.findings.warn(at, keys, {
      found: `\`${keys.at(-1)}\` without a value; it is left out, where \`docker stack deploy\` refuses it`,
      allowed: "a value, or no such key",
      fix: `remove \`${keys.at(-1)}:\`, or write its value`,
    });
  }

  private note(keys: Keys, at: At, verdict: Verdict, note: string): void {
    this.all.push({ keys, at, verdict, note });
  }

  private variable(keys: Keys, at: At): void {
    this.findings.wrong(at, keys, {
      found: `the key \`${keys.at(-1)}\` with a variable; Docker fills variables in values only`,
      allowed: "a key without variables, or a template that is filled in first",
      fix: "`variablesInKeys: true`",
    });
  }

  private unknown(keys: Keys, at: At, key: string, rules: Rules): void {
    if (this.findings.full) return;
    const known = Object.keys(rules);
    const near = nearest(key, known);
    this.findings.wrong(at, keys, {
      found: `the unknown key \`${key}\`, which Docker refuses`,
      allowed: known.join(", "),
      fix: near === undefined ? `remove \`${key}\`` : `did you mean \`${near}\`?`,
    });
  }

  private refuse(keys: Keys, at: At, value: Node, rule: Rule): void {
    const { note, docker = "", instead = "", harmless = [] } = rule;
    if (isNothing(value)) return;
    if (value.kind === "scalar" && harmless.includes(value.value)) return;
    if (value.kind !== "scalar" && value.size === 1) return;
    this.findings.impossible(at, keys, {
      found: `\`${keys.at(-1)}\`: ${note}; \`docker stack deploy\` ${docker}`,
      allowed: "what swarm can do",
      fix: instead,
    });
  }
}
