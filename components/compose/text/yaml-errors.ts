import { Lexer, type YAMLParseError } from "yaml";
import type { About } from "../../model/problem";

/** What the parser's errors mean to someone who writes a file, and what to write instead. */
const MEANINGS: { readonly [code: string]: readonly [found: string, fix: string] } = {
  TAB_AS_INDENT: ["a tab at the beginning of a line", "spaces instead of the tab"],
  BLOCK_AS_IMPLICIT_KEY: [
    "a second `: ` on one line",
    "quotes around the text after the first `: `",
  ],
  BAD_SCALAR_START: ["text that begins with a special character", "quotes around the text"],
  MULTILINE_IMPLICIT_KEY: ["text without a `:` where a key is expected", "`key: value`"],
  UNEXPECTED_TOKEN: ["text in an unexpected place", "another indentation, or quotes around it"],
  BAD_INDENT: ["a line that is indented differently from those around it", "the same indentation"],
  BAD_DQ_ESCAPE: ["a backslash that begins no escape", "`\\\\`, or single quotes around the text"],
  MISSING_CHAR: ["a quote or bracket that is not closed", "the missing quote or bracket"],
};

/** What is wrong, and where it begins. */
export interface YamlProblem {
  readonly about: About;
  readonly offset: number;
}

/** Explains the first error of a document; those after it only follow from it. */
export function yamlProblem({ code, message, pos }: YAMLParseError, text: string): YamlProblem {
  const plain = (message.split("\n")[0] ?? "").replace(/ at line.*$/, "");
  const [offset] = pos;
  const saying = (found: string, fix: string, at = offset): YamlProblem => ({
    about: { found: `text that is not YAML: ${found}`, allowed: "YAML", fix },
    offset: at,
  });
  if (text.startsWith("{%", offset - 1))
    return saying(
      "`{%`, which begins a template that nobody filled in",
      "fill the template in first",
    );
  const quote = code === "MISSING_CHAR" ? openQuote(text) : undefined;
  if (quote !== undefined)
    return saying("a quote that is not closed", `\`${text[quote]}\` at the end of the text`, quote);
  const [found, fix] = MEANINGS[code] ?? [plain, "correct that line"];
  return saying(found, fix);
}

/** What the lexer puts between the pieces of the text: a document, the end of a flow, and a scalar. */
const MARKS = new Set(["\u0002", "\u0018", "\u001f"]);

/** Where the quote begins that nothing closes; the parser only says where the text ends. */
function openQuote(text: string): number | undefined {
  let at = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) continue;
    const isQuoted = lexeme.startsWith('"') || lexeme.startsWith("'");
    if (isQuoted && (lexeme.length === 1 || !lexeme.endsWith(lexeme.charAt(0)))) return at;
    at += lexeme.length;
  }
  return undefined;
}
