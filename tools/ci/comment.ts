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

/** Longest list of a comment; GitHub takes 65,536 letters. */
const longest = 200;

const quiet = ["same", "read", "refresh"];

/** Line by which the comment of an environment is found again. */
export function markerOf(stack: string): string {
  return `<!-- swarmyard preview ${stack} -->`;
}

/**
 * The comment on a pull request: what would change, by name. Values stay out: a comment is
 * read by more people than the state. Pure.
 */
export function commentOf(stack: string, preview: Preview, commit: string): string {
  const steps = (preview.steps ?? []).filter(({ op }) => !quiet.includes(op));
  const shown = steps.slice(0, longest).map(lineOf);
  const more = steps.length - shown.length;
  const table = ["| | type | name | fields |", "| --- | --- | --- | --- |", ...shown];
  return [
    markerOf(stack),
    `### \`${stack}\`: ${summaryOf(preview, steps)}`,
    ...(steps.length === 0 ? [] : ["", ...table]),
    ...(more > 0 ? ["", `… and ${more} more.`] : []),
    "",
    `Preview of ${commit.slice(0, 12)}. Merging applies it.`,
  ].join("\n");
}

/** The comment when the preview fails. Pure. */
export function failureOf(stack: string, said: string, commit: string): string {
  const text = said.replaceAll("```", "'''").slice(-6000);
  const lines = ["```text", text, "```", "", `Preview of ${commit.slice(0, 12)}.`];
  return [markerOf(stack), `### \`${stack}\`: the preview failed`, "", ...lines].join("\n");
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
