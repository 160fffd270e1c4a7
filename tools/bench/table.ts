import { type Result, type Row, ratioTo } from "./result";

const head = [
  "services",
  "nodes",
  "step",
  "by",
  "seconds",
  "of script",
  "processor s",
  "MB",
  "SSH",
  "restarts",
];

/** All rows as a Markdown table; `of script` is the ratio of seconds in the same run. Pure. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    `${row.services}`,
    `${row.nodes}`,
    row.step,
    row.subject,
    row.problem === undefined ? row.seconds.toFixed(1) : `failed: ${row.problem}`,
    ratioText(rows, row),
    row.cpuSeconds.toFixed(1),
    row.peakMegabytes.toFixed(0),
    row.connections === undefined ? "" : `${row.connections}`,
    restartText(row),
  ]);
  return markdown([head, ...cells]);
}

/** A page with everything below its heading "Rows" replaced. Pure. */
export function withRows(page: string, { machine, rows }: Result): string {
  const [before = ""] = page.split(/^## Rows$/m);
  return `${before}## Rows\n\n${machine}\n\n${renderTable(rows)}\n`;
}

function ratioText(rows: readonly Row[], row: Row): string {
  if (row.problem !== undefined) return "";
  return ratioTo(rows, row, "script")?.toFixed(2) ?? "";
}

function restartText({ replaced, leastReplaced }: Row): string {
  if (replaced === undefined) return "";
  return replaced === leastReplaced ? `${replaced}` : `${replaced} (needs ${leastReplaced})`;
}

/** Rows of cells, the first of which is the head, as a Markdown table. Pure. */
export function markdown(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length)),
  );
  const render = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = [], ...rest] = lines;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [render(first), rule, ...rest.map(render)].join("\n");
}
