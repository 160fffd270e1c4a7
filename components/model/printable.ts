const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);

/** Commands to a terminal: colors, moves, titles, links. */
const sequences = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?)`,
  "g",
);

/**
 * Text of a program or machine that is not ours, so that it can be printed: without what a terminal
 * or a workflow's runner would obey. Lines and tabs stay.
 *
 * @example
 * printable("::add-mask::x"); // ": :add-mask::x"
 */
export function printable(text: string): string {
  return text
    .replace(sequences, "")
    .replace(/\p{Cc}|[\u2028-\u202e\u2066-\u2069]/gu, (one) => (/[\n\t]/.test(one) ? one : ""))
    .replace(/^([^\S\n]*)::/gm, "$1: :")
    .replaceAll("##[", "# #[");
}
