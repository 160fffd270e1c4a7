import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { root } from "./sources";

/** A phrase to avoid, and what to say instead. */
interface Rule {
  readonly avoid: RegExp;
  readonly say: string;
}

const rule = (avoid: RegExp, say: string): Rule => ({ avoid, say });

/** The patterns of this project that a native reader stumbles over. */
export const rules: readonly Rule[] = [
  rule(/\b(made?|makes?|making|written|started|named|counted|are|is) anew\b/i, "recreated, again"),
  rule(/\b(that|which|what) (is|are|was|were) (already )?there\b/i, "existing"),
  rule(/\bshall\b/i, "must, will"),
  rule(/\bby (itself|themselves)\b/i, "on its own"),
  rule(/\b(is|are|was|were) told\b/i, "receives, learns, is reported"),
  rule(/\b(can|cannot|could|to) be had\b/i, "available, unavailable"),
  rule(/\bsa(y|ys|id) no to\b/i, "rejects"),
  rule(/(?<!\bthere )\b(is|are|was|were) no (?!longer\b|more\b)\w/i, "is not a, is not a valid"),
  rule(
    /\b(what|how) to type\b|(?<!Content-)\bType: |[;,] type:? |^type (?!volume\b)/,
    "fix, run, use",
  ),
  rule(/\b(the|an|its|each|every) engine\b(?! API\b)/i, "Docker engine, Pulumi engine"),
  rule(/\bwould be asked\b|\basks? on\b|\bgo(es)? on asking\b/i, "keeps asking"),
  rule(/\b(time|run|update|limit) is over\b|\bare over\b/i, "time is up, has ended"),
  rule(/\bfor ever\b/i, "forever"),
  rule(/\bled to\b/i, "forwarded to"),
  rule(/\bgo(es)? round\b/i, "is rolled out, takes turns"),
  rule(/\b(stand|stands|stood) (in|at|on|below|under|above|there|alone|once)\b/i, "is in"),
  rule(/\bin the way is\b/i, "the bottleneck is"),
  rule(/\bbrought to an end\b|\bput(s|ting)? right\b|\bmend(s|ed)?\b/i, "finish, correct, fix"),
  rule(/\banother one than\b|\bnobody but\b/i, "not the same as, only"),
  rule(/\ball tests but\b|\bthe others? two\b/i, "all except, the other two"),
];

/** A phrase to avoid, where it was found. */
export interface Stumble {
  readonly where: string;
  readonly found: string;
  readonly say: string;
}

/** A piece of prose and the line where it starts. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

/** The sentences of a Markdown page: code in blocks and in backticks is left out. Pure. */
export function proseOfPage(text: string): readonly Prose[] {
  const blank = (code: string) => code.replaceAll(/[^\n]/g, " ");
  const prose = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, blank).replaceAll(/`[^`\n]+`/g, "``");
  let line = 1;
  return prose.split(/(\n\s*\n)/).flatMap((part) => {
    const here = { line, text: part.replaceAll(/\s+/g, " ").trim() };
    line += part.split("\n").length - 1;
    return here.text === "" ? [] : [here];
  });
}

/**
 * Scripts that run on machines, by how they start. A script is an input of a resource: to reword one
 * would run it again, or replace the machine, in every existing stack.
 */
const scripts = /^(#!\/bin\/|set -\w|IFS= read )/;

/** Files that go into an image: a reworded one would roll its services out again. */
const inImages = /^platforms\/[^/]+\/images\//;

/** The comments and texts of a source file; code in backticks and scripts are left out. Pure. */
export function proseOfSource(file: string, text: string): readonly Prose[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Map<number, string>();
  const comments = (ranges: readonly ts.CommentRange[] | undefined) => {
    for (const { pos, end } of ranges ?? []) found.set(pos, text.slice(pos, end));
  };
  const visit = (node: ts.Node): void => {
    comments(ts.getLeadingCommentRanges(text, node.pos));
    comments(ts.getTrailingCommentRanges(text, node.end));
    if (ts.isTemplateExpression(node) && scripts.test(node.head.text)) {
      for (const { expression } of node.templateSpans) visit(expression);
      return;
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node))
      found.set(node.getStart(source), node.text);
    if (ts.isTemplateMiddle(node) || ts.isTemplateTail(node))
      found.set(node.getStart(source), node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  comments(ts.getLeadingCommentRanges(text, source.endOfFileToken.pos));
  return joinedLines(
    [...found]
      .sort(([one], [other]) => one - other)
      .map(([pos, prose]) => ({
        line: source.getLineAndCharacterOfPosition(pos).line + 1,
        text: prose,
      })),
  );
}

/** Line comments that follow each other are one piece, so that a phrase may cross lines. */
function joinedLines(pieces: readonly Prose[]): readonly Prose[] {
  const joined: { line: number; last: number; text: string }[] = [];
  for (const { line, text } of pieces) {
    const before = joined.at(-1);
    const isLine = text.startsWith("//");
    if (isLine && before?.text.startsWith("//") && before.last === line - 1) {
      before.text += `\n${text}`;
      before.last = line;
    } else joined.push({ line, last: line, text });
  }
  return joined.map(({ line, text }) => ({
    line,
    text: text
      .replaceAll(/^\s*(\/\*\*?|\*\/|\*(?!\/)|\/\/)|\*\/$/gm, " ")
      .replaceAll(/`[^`\n]+`/g, "``")
      .replaceAll(/\s+/g, " ")
      .trim(),
  }));
}

/** Everything in a file that a rule says to avoid. */
export function stumblesIn(file: string): readonly Stumble[] {
  if (inImages.test(file)) return [];
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const pieces = file.endsWith(".md") ? proseOfPage(text) : proseOfSource(file, text);
  return pieces.flatMap((piece) =>
    stumblesOf(piece.text).map((stumble) => ({ where: `${file}:${piece.line}`, ...stumble })),
  );
}

/** What the rules say of one piece of prose. Pure. */
export function stumblesOf(text: string): readonly Omit<Stumble, "where">[] {
  return rules.flatMap(({ avoid, say }) => {
    const found = avoid.exec(text);
    return found === null ? [] : [{ found: found[0], say }];
  });
}
