import { readFileSync, writeFileSync } from "node:fs";
import { guard } from "./guard";
import { removeLeftovers } from "./leftovers";
import { benchMachines } from "./machines/machines";
import { type BenchOptions, help, type PeerName, parseBench, type Size } from "./options";
import type { Prepared } from "./plan";
import { prepare } from "./prepare";
import { listen } from "./processes";
import { say } from "./progress";
import { bySize, earlierRows, type Row, withoutSizes } from "./result";
import { runSize } from "./run-size";
import type { Subject } from "./subject";
import { Ansible, ensureAnsible } from "./subjects/ansible";
import { Ours } from "./subjects/ours";
import { Program } from "./subjects/program";
import { Script } from "./subjects/script";
import { describeMachine } from "./systems/machine";
import { benchSystems } from "./systems/main";
import { renderTable, withRows } from "./table";

/** Compares `up` and its changes with other tools; prints a table and writes JSON. */
async function main(words: readonly string[]): Promise<void> {
  if (words[0] === "systems") return benchSystems(words.slice(1));
  if (words.includes("--help") || words.includes("-h")) return say(help);
  if (words[0] === "machines") return await onMachines(words.slice(1));
  const options = parseBench(words);
  listen();
  const ansible = options.peers.includes("ansible") ? await ensureAnsible() : "";
  await removeLeftovers();
  const done = guard();
  try {
    const rows = await measureSizes(options, await prepare(), ansible);
    say(renderTable(rows));
    if (options.page !== undefined) {
      const page = readFileSync(options.page, "utf8");
      writeFileSync(options.page, withRows(page, { machine: describeMachine(), rows }));
    }
  } finally {
    done();
  }
}

/** Compares how bare machines become a swarm. */
async function onMachines(words: readonly string[]): Promise<void> {
  listen();
  await removeLeftovers();
  const done = guard();
  try {
    await benchMachines(words, describeMachine());
  } finally {
    done();
  }
}

async function measureSizes(options: BenchOptions, prepared: Prepared, ansible: string) {
  let rows: readonly Row[] = options.add
    ? withoutSizes(earlierRows(options.out), options.sizes)
    : [];
  for (const size of options.sizes) {
    for (const name of ["swarmyard", ...options.peers] as const) {
      rows = bySize([...rows, ...(await runSize(subjectOf(name, size, prepared, ansible), size))]);
      // After each size, so that a long run that is killed keeps its results so far.
      const result = { machine: describeMachine(), rows };
      writeFileSync(options.out, `${JSON.stringify(result, null, 1)}\n`);
    }
  }
  return rows;
}

/** @param ansible folder of Ansible's commands, where it takes part */
function subjectOf(
  name: PeerName | "swarmyard",
  size: Size,
  prepared: Prepared,
  ansible: string,
): Subject {
  switch (name) {
    case "swarmyard":
      return new Ours(size);
    case "script":
      return new Script(size, prepared);
    case "docker":
      return new Program(size, prepared);
    case "ansible":
      return new Ansible(size, prepared, ansible);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
