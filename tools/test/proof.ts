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
  /** Versions of the nodes' Docker engines, such as `26.1.5`; empty when no swarm came up. */
  readonly engines: readonly string[];
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
  cell(scenario: Scenario, engine: string): string;
}

/** Title of the column that tells results of different Docker engines apart. */
const ENGINE = "engine";

/** Columns of every page. */
export const columns: {
  name(title: string): Column;
  readonly engine: Column;
  readonly seconds: Column;
  readonly result: Column;
} = {
  name: (title) => ({
    title,
    number: false,
    cell: ({ name }) => name.replaceAll("|", "\\|"),
  }),
  engine: { title: ENGINE, number: false, cell: (_, engine) => engine },
  seconds: { title: "seconds", number: true, cell: ({ seconds }) => seconds.toFixed(1) },
  result: { title: "result", number: false, cell: ({ state }) => state },
};

/** Puts a file's result in the place of the one before it on the same Docker engines. */
export function writeProof(page: ProofPage, result: FileResult): void {
  const path = join(root, "docs", "proof", page.name);
  mkdirSync(dirname(path), { recursive: true });
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  writeFileSync(path, withResult(page, before, result));
}

/**
 * The page's text with this file's part rewritten: what it showed on other Docker engines stays. Parts
 * are in the order of their files, results in the order of their engines. Pure.
 */
export function withResult(page: ProofPage, text: string, result: FileResult): string {
  const parts = new Map(partsOf(text).map((part) => [titleOf(part), part]));
  const runs = [
    ...runsOf(page, parts.get(result.file) ?? "").filter(({ engine }) => engine !== nameOf(result)),
    runOf(page, result),
  ].sort((one, other) => one.engine.localeCompare(other.engine, "en", { numeric: true }));
  parts.set(result.file, renderPart(page, result.file, runs));
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

/** What a file showed on one Docker engine, or one mix of them, as its page has it. */
interface PrintedRun {
  readonly engine: string;
  /** When and where. */
  readonly line: string;
  readonly rows: readonly string[];
}

function runOf(page: ProofPage, result: FileResult): PrintedRun {
  const { at, seconds, place, scenarios } = result;
  const engine = nameOf(result);
  const when = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const shown: readonly Scenario[] =
    scenarios.length > 0
      ? scenarios
      : [{ name: "it could not be run", state: "failed", seconds: 0 }];
  return {
    engine,
    line: `- Docker ${engine}: ${when}, ${Math.round(seconds)} s in all; ${place}.`,
    rows: shown.map((scenario) => row(page.columns.map(({ cell }) => cell(scenario, engine)))),
  };
}

function nameOf({ engines }: FileResult): string {
  return engines.length === 0 ? "–" : engines.join(" and ");
}

/** Reads what {@link renderPart} wrote. */
function runsOf({ columns: shown }: ProofPage, part: string): readonly PrintedRun[] {
  const lines = part.split("\n");
  const position = shown.findIndex(({ title }) => title === ENGINE);
  return lines.flatMap((line) => {
    const engine = /^- Docker (.+?): /.exec(line)?.[1];
    if (engine === undefined) return [];
    const rows = lines.filter((other) => cellsOf(other)[position] === engine);
    return [{ engine, line, rows }];
  });
}

function renderPart(page: ProofPage, file: string, runs: readonly PrintedRun[]): string {
  return [
    ...[`## ${file}`, ""],
    ...runs.map(({ line }) => line),
    "",
    row(page.columns.map(({ title }) => title)),
    row(page.columns.map(({ number }) => (number ? "--:" : "---"))),
    ...runs.flatMap(({ rows }) => rows),
    "",
  ].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellsOf(line: string): readonly string[] {
  return /^\| (.*) \|$/.exec(line)?.[1]?.split(" | ") ?? [];
}
