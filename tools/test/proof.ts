import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../setup/folders";

/** One test, as it ended. */
export interface Scenario {
  readonly name: string;
  readonly state: "passed" | "failed" | "not run";
  readonly seconds: number;
  /** @default no requests were sent */
  readonly failedRequests?: number;
}

/** What a run of one file showed. */
export interface FileResult {
  /** Path in the checkout. */
  readonly file: string;
  /** When it began. */
  readonly at: Date;
  /** How long the whole file took, with what its tests share. */
  readonly seconds: number;
  /** The machine, in one line. */
  readonly place: string;
  readonly scenarios: readonly Scenario[];
}

/** A page of results in docs/proof. */
export interface ProofPage {
  /** Name of its file. */
  readonly name: string;
  /** The text above the results. */
  readonly introduction: string;
  readonly columns: readonly Column[];
}

/** A column of a page's tables. */
export interface Column {
  readonly title: string;
  readonly number: boolean;
  cell(scenario: Scenario): string;
}

/** Columns of every page. */
export const columns: {
  name(title: string): Column;
  readonly seconds: Column;
  readonly result: Column;
} = {
  name: (title) => ({
    title,
    number: false,
    cell: ({ name }) => name.replaceAll("|", "\\|"),
  }),
  seconds: { title: "seconds", number: true, cell: ({ seconds }) => seconds.toFixed(1) },
  result: { title: "result", number: false, cell: ({ state }) => state },
};

/** Puts a file's result in the place of the one before it. */
export function writeProof(page: ProofPage, result: FileResult): void {
  const path = join(root, "docs", "proof", page.name);
  mkdirSync(dirname(path), { recursive: true });
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  writeFileSync(path, withResult(page, before, result));
}

/** The page's text with this file's part rewritten; parts are in the order of their files. Pure. */
export function withResult(page: ProofPage, text: string, result: FileResult): string {
  const parts = new Map(partsOf(text).map((part) => [titleOf(part), part]));
  parts.set(result.file, renderPart(page, result));
  const sorted = [...parts].sort(([one], [other]) => (one < other ? -1 : 1));
  return [page.introduction, ...sorted.map(([, part]) => part)].join("\n");
}

function partsOf(page: string): readonly string[] {
  return page
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith("## "))
    .map((part) => `${part.trimEnd()}\n`);
}

function titleOf(part: string): string {
  return part.slice("## ".length, part.indexOf("\n"));
}

function renderPart(page: ProofPage, { file, at, seconds, place, scenarios }: FileResult): string {
  const when = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return [
    `## ${file}`,
    "",
    `${when}, ${Math.round(seconds)} s in all; ${place}.`,
    "",
    ...(scenarios.length === 0
      ? ["It could not be run: failed."]
      : renderTable(page.columns, scenarios)),
    "",
  ].join("\n");
}

function renderTable(shown: readonly Column[], scenarios: readonly Scenario[]): readonly string[] {
  const rows = [
    shown.map(({ title }) => title),
    shown.map(({ number }) => (number ? "--:" : "---")),
    ...scenarios.map((scenario) => shown.map((column) => column.cell(scenario))),
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`);
}
