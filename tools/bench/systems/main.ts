import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guard } from "../guard";
import { removeLeftovers } from "../leftovers";
import { listen } from "../processes";
import { say } from "../progress";
import { markdown } from "../table";
import { casesIn, makeCases } from "./cases";
import { type Deploying, deployAll } from "./deploying";
import { describeMachine } from "./machine";
import { parseSystems, systemsHelp } from "./options";
import { type Reading, readCases } from "./reading";

/** Measures how fast compose files are read and come up, beside Docker's own commands; prints tables. */
export async function benchSystems(words: readonly string[]): Promise<void> {
  if (words.includes("--help") || words.includes("-h")) return say(systemsHelp);
  const { cases, services, page } = parseSystems(words, process.env);
  listen();
  await removeLeftovers();
  const done = guard();
  const made = mkdtempSync(join(tmpdir(), "swarmyard-bench-cases-"));
  try {
    const read = await readCases(cases === undefined ? makeCases(made) : casesIn(cases));
    const tables = [readingTable(read), deployingTable(await deployAll(services))];
    const text = [describeMachine(), ...tables].filter((part) => part !== "").join("\n\n");
    say(text);
    if (page !== undefined) writeFileSync(page, withSection(readFileSync(page, "utf8"), text));
  } finally {
    rmSync(made, { recursive: true, force: true });
    done();
  }
}

/** Files per second of each way. Pure. */
export function readingTable(readings: readonly Reading[]): string {
  const head = ["by", "files", "refused", "seconds", "files per second", "processor s"];
  const rows = readings.map(({ by, files, refused, seconds, cpuSeconds }) => {
    const rate = seconds === 0 ? "" : (files / seconds).toFixed(1);
    return [by, `${files}`, `${refused}`, seconds.toFixed(1), rate, cpuSeconds.toFixed(1)];
  });
  return markdown([head, ...rows]);
}

/** Seconds of each command, and those of `docker stack deploy` beside them. Pure. */
export function deployingTable(rows: readonly Deploying[]): string {
  if (rows.length === 0) return "";
  const head = ["services", "step", "by", "seconds", "of docker", "processor s"];
  const cells = rows.map(({ services, step, by, seconds, cpuSeconds, problem }) => {
    const docker = rows.find(
      (one) => one.services === services && one.step === step && one.by.startsWith("docker"),
    );
    const ratio = docker === undefined ? "" : (seconds / docker.seconds).toFixed(2);
    const took = problem === undefined ? seconds.toFixed(1) : `failed: ${problem}`;
    return [`${services}`, step, by, took, ratio, cpuSeconds.toFixed(1)];
  });
  return markdown([head, ...cells]);
}

/** A page with everything below "Figures of compose files", up to the next heading, replaced. Pure. */
export function withSection(page: string, text: string): string {
  const heading = "### Figures of compose files\n";
  const [before = "", after = ""] = page.split(heading);
  const next = after.search(/^#/m);
  return `${before}${heading}\n${text}\n\n${next < 0 ? "" : after.slice(next)}`;
}
