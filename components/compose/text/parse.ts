import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseAllDocuments,
  type YAMLMap,
  type YAMLSeq,
  type Scalar as YamlScalar,
} from "yaml";
import type { Findings } from "../findings";
import {
  type At,
  type Entry,
  listNode,
  type MapNode,
  mapNode,
  type Node,
  scalar,
  withTag,
} from "../tree";
import { mergeKeys } from "./merge-keys";
import { plainScalar } from "./scalars";
import { yamlProblem } from "./yaml-errors";

/** More values than any real set of services has; a few aliases can stand for millions. */
const MOST_VALUES = 100_000;
/** Texts of a file, keys included. */
const MOST_TEXTS = 200_000;
const DEEPEST = 100;

/** Reads the documents of a file. What is wrong is reported, and undefined stands for what cannot be read. */
export function parseYaml(file: string, text: string, findings: Findings): readonly Node[] {
  const start = { file, line: 1, column: 1 };
  try {
    return new Reader(file, text, findings).documents();
  } catch (error) {
    if (!(error instanceof TooMuch || error instanceof RangeError)) throw error;
    const found = error instanceof TooMuch ? error.message : "values nested too deeply";
    const allowed = `up to ${MOST_VALUES} values, ${DEEPEST} deep`;
    findings.wrong(error instanceof TooMuch ? error.at : start, [], {
      found,
      allowed,
      fix: "split the file, or write out what its aliases stand for",
    });
    return [];
  }
}

/** What the lexer yields before each text. */
const SCALAR = "\u001f";

class TooMuch extends Error {
  constructor(
    public readonly at: At,
    message: string,
  ) {
    super(message);
  }
}

class Reader {
  private readonly lines = new LineCounter();
  private readonly anchors = new Map<string, Node | "open">();
  private entered = 0;

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly findings: Findings,
  ) {}

  documents(): readonly Node[] {
    const options = {
      schema: "failsafe",
      uniqueKeys: false,
      merge: false,
      logLevel: "silent",
      lineCounter: this.lines,
    } as const;
    this.countTexts();
    const documents = parseAllDocuments(this.text, options);
    if (!Array.isArray(documents)) return [];
    return documents.flatMap(({ contents, errors }) => {
      const [error] = errors;
      if (error !== undefined) {
        const { about, offset } = yamlProblem(error, this.text);
        this.findings.wrong(this.at(offset), [], about);
      }
      this.anchors.clear();
      if (errors.length > 0 || contents === null) return [];
      return [this.node(contents, this.at(0), 0)];
    });
  }

  /** The parser takes much longer for what would be refused anyway. */
  private countTexts(): void {
    if (this.text.length < MOST_TEXTS) return;
    let texts = 0;
    let brackets = 0;
    for (const lexeme of new Lexer().lex(this.text)) {
      if (lexeme === SCALAR) texts += 1;
      else if (lexeme === "[" || lexeme === "{") brackets += 1;
      else if (lexeme === "]" || lexeme === "}") brackets -= 1;
      const start = { file: this.file, line: 1, column: 1 };
      if (texts > MOST_TEXTS) throw new TooMuch(start, `more than ${MOST_TEXTS} texts`);
      if (brackets > DEEPEST) throw new TooMuch(start, "values nested too deeply");
    }
  }

  private at(offset: number | undefined): At {
    const { line, col } = this.lines.linePos(offset ?? 0);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  private node(node: unknown, near: At, depth: number): Node {
    if (isAlias(node)) return this.alias(node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return scalar(null, near);
    const at = this.at(node.range?.[0]);
    if (depth > DEEPEST) throw new TooMuch(at, "values nested too deeply");
    if (node.anchor !== undefined) this.anchors.set(node.anchor, "open");
    const tag = node.tag === "!reset" || node.tag === "!override" ? node.tag : undefined;
    const made = withTag(this.untagged(node, at, depth), tag);
    if (made.size > MOST_VALUES) throw new TooMuch(at, `${made.size} values`);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, made);
    return made;
  }

  private untagged(node: YamlScalar | YAMLMap | YAMLSeq, at: At, depth: number): Node {
    if (isMap(node)) return this.map(node, at, depth);
    if (isSeq(node))
      return listNode(
        node.items.map((item) => this.node(item, at, depth + 1)),
        at,
      );
    const source = typeof node.value === "string" ? node.value : "";
    const quoted = node.type !== "PLAIN" || node.tag === "tag:yaml.org,2002:str";
    if (quoted) return scalar(source, at);
    const { value, text } = plainScalar(source);
    const plain = scalar(value, at, text);
    return value === null || text === source ? plain : { ...plain, typed: source };
  }

  private alias(alias: Alias): Node {
    const at = this.at(alias.range?.[0]);
    const found = this.anchors.get(alias.source);
    if (found !== undefined && found !== "open") return found;
    const circle = found === "open";
    this.findings.wrong(at, [], {
      found: circle
        ? `*${alias.source} inside of what it stands for`
        : `*${alias.source}, which no anchor before it defines`,
      allowed: circle
        ? "an alias outside of its anchor"
        : [...this.anchors.keys()].join(", ") || "no alias: there are no anchors before it",
      fix: circle ? "write the value out" : `\`&${alias.source}\` at the value that it stands for`,
    });
    return scalar(null, at);
  }

  private map(map: YAMLMap, at: At, depth: number): MapNode {
    const entries = new Map<string, Entry>();
    const merges: Node[] = [];
    for (const pair of map.items) {
      if (!isPair(pair)) continue;
      const keyAt =
        isScalar(pair.key) || isMap(pair.key) || isSeq(pair.key)
          ? this.at(pair.key.range?.[0])
          : at;
      const value = this.node(pair.value, keyAt, depth + 1);
      if (!isScalar(pair.key)) {
        // `{{.Node.Hostname}}` without quotes is a map in a map.
        const template = this.text.startsWith("{{", map.range?.[0]);
        this.findings.unreadable(template ? at : keyAt, [], {
          found: template
            ? "`{{` without quotes, which begins a map in a map"
            : "a key that is not text",
          allowed: "text",
          fix: template ? '`"{{…}}"`' : "quotes around the key",
        });
        continue;
      }
      const key = String(pair.key.value ?? "");
      if (key === "<<" && pair.key.type === "PLAIN") merges.push(value);
      else this.enter(entries, key, { at: keyAt, value });
    }
    const merged = mergeKeys(mapNode(entries, at), merges, this.findings);
    this.entered += merged.entries.size;
    if (this.entered > MOST_VALUES) throw new TooMuch(at, `more than ${MOST_VALUES} keys`);
    return merged;
  }

  private enter(entries: Map<string, Entry>, key: string, entry: Entry): void {
    const first = entries.get(key);
    if (first !== undefined) {
      this.findings.wrong(entry.at, [], {
        found: `the key \`${key}\` once more, which is already on line ${first.at.line}`,
        allowed: "each key once",
        fix: `put what both say into one \`${key}\``,
      });
    }
    entries.set(key, entry);
  }
}
