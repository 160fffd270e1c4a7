/** One step of `pulumi preview --json`, as far as it matters here. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: { readonly [path: string]: unknown } | null;
  readonly diffReasons?: readonly string[] | null;
}

/** What `pulumi preview --json` prints. */
export interface Preview {
  readonly steps?: readonly PreviewStep[];
  readonly changeSummary?: { readonly [op: string]: number };
  readonly diagnostics?: readonly { readonly message?: string; readonly severity?: string }[];
}

/** Maximum number of lines in a comment, and of characters; GitHub takes 65,536 letters in all. */
const longest = { lines: 200, letters: 60_000 } as const;

const quiet = ["same", "read", "refresh"];

/** Line that identifies the comment of an environment. */
export function markerOf(stack: string): string {
  return `<!-- swarmyard preview ${stack} -->`;
}

/**
 * The comment on a pull request: what would change, by name. It contains no values: more people
 * can read a comment than the state. Pure.
 */
export function commentOf(stack: string, preview: Preview, commit: string | undefined): string {
  const steps = (preview.steps ?? []).filter(({ op }) => !quiet.includes(op));
  const shown = fitting(steps.slice(0, longest.lines).map(lineOf));
  const more = steps.length - shown.length;
  const table = ["| | type | name | fields |", "| --- | --- | --- | --- |", ...shown];
  return [
    markerOf(stack),
    `### \`${stack}\`: ${summaryOf(preview, steps)}`,
    ...(steps.length === 0 ? [] : ["", ...table]),
    ...(more > 0 ? ["", `… and ${more} more.`] : []),
    "",
    `${previewOf(commit)} Merging applies it.`,
  ].join("\n");
}

/** The comment when the preview fails. Pure. */
export function failureOf(stack: string, said: string, commit: string | undefined): string {
  const text = said.replaceAll("```", "'''").slice(-6000);
  const lines = ["```text", text, "```", "", previewOf(commit)];
  return [markerOf(stack), `### \`${stack}\`: the preview failed`, "", ...lines].join("\n");
}

/** As many lines from the start as fit into a comment. */
function fitting(lines: readonly string[]): readonly string[] {
  let letters = 0;
  return lines.filter((line) => {
    letters += line.length + 1;
    return letters <= longest.letters;
  });
}

function previewOf(commit: string | undefined): string {
  return `Preview of ${commit === undefined ? "a working tree" : commit.slice(0, 12)}.`;
}

function summaryOf(preview: Preview, steps: readonly PreviewStep[]): string {
  if (steps.length === 0) return "nothing would change";
  const counts = Object.entries(preview.changeSummary ?? {}).filter(([op]) => !quiet.includes(op));
  if (counts.length === 0) return `${steps.length} steps`;
  return counts.map(([op, count]) => `${count} to ${op}`).join(", ");
}

function lineOf({ op, urn, detailedDiff, diffReasons }: PreviewStep): string {
  const [type = "", name = ""] = urn.split("::").slice(2);
  const fields = Object.keys(detailedDiff ?? {});
  const named = (fields.length > 0 ? fields : (diffReasons ?? [])).map((field) => `\`${field}\``);
  // A parent's type stands before a `$`.
  const own = type.slice(type.lastIndexOf("$") + 1);
  return `| ${op} | ${own} | ${name.replaceAll("|", "\\|")} | ${named.join(" ")} |`;
}
