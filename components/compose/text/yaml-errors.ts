import type { YAMLParseError } from "yaml";
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

/** Explains the first error of a document; those after it only follow from it. */
export function yamlProblem({ code, message }: YAMLParseError): About {
  const plain = (message.split("\n")[0] ?? "").replace(/ at line.*$/, "");
  const [found, fix] = MEANINGS[code] ?? [plain, "correct that line"];
  return { found: `text that is not YAML: ${found}`, allowed: "YAML", fix };
}
