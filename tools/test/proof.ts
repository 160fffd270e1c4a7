import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../setup/folders";
import type { Scenario } from "./scenarios";

/** What a run of one file of trust showed. */
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

const proof = join(root, "docs", "proof", "trust.md");

const introduction = `# Trust

What a local environment goes through under abuse, on a real swarm. \`npm run test:trust\` runs all
of it and writes this page; \`npm run test:trust -- drift\` runs the files with that word in their
name and changes only their part. Failed requests are those of a client that asks all the time
while the scenario runs; a dash where none asks.
`;

/** Puts a file's result in the place of the one before it. */
export function writeProof(result: FileResult): void {
  mkdirSync(dirname(proof), { recursive: true });
  const before = existsSync(proof) ? readFileSync(proof, "utf8") : "";
  writeFileSync(proof, withResult(before, result));
}

/** The page with this file's part made anew; parts are in the order of their files. Pure. */
export function withResult(page: string, result: FileResult): string {
  const parts = new Map(partsOf(page).map((part) => [titleOf(part), part]));
  parts.set(result.file, renderPart(result));
  const sorted = [...parts].sort(([one], [other]) => (one < other ? -1 : 1));
  return [introduction, ...sorted.map(([, part]) => part)].join("\n");
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

function renderPart({ file, at, seconds, place, scenarios }: FileResult): string {
  const when = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const rows = scenarios.map(({ name, failedRequests, seconds: took, state }) => [
    name.replaceAll("|", "\\|"),
    `${failedRequests ?? "–"}`,
    took.toFixed(1),
    state,
  ]);
  const table = [["scenario", "failed requests", "seconds", "result"], ...rows];
  return [
    `## ${file}`,
    "",
    `${when}, ${Math.round(seconds)} s in all; ${place}.`,
    "",
    ...(rows.length === 0 ? ["It could not be run: failed."] : renderTable(table)),
    "",
  ].join("\n");
}

function renderTable(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = rows.map((row) => `| ${row.join(" | ")} |`);
  return [head as string, "| --- | --: | --: | --- |", ...body] as string[];
}
