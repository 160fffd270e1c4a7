import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { measure } from "../measure";
import { lastLines } from "../processes";
import { during, say } from "../progress";
import { ensureAnsible } from "../subjects/ansible";
import { BareMachines } from "./bare";
import { parseMachines } from "./options";
import { type MachineRow, machineTable } from "./rows";
import { AnsibleOnMachines, type MachineSubject, OursOnMachines } from "./subjects";

/** Compares how bare machines become a swarm with labels; prints a table and writes JSON. */
export async function benchMachines(words: readonly string[], machine: string): Promise<void> {
  const options = parseMachines(words);
  const ansible = options.peers.includes("ansible") ? await ensureAnsible() : undefined;
  let rows: readonly MachineRow[] = [];
  for (const nodes of options.nodes) {
    const subjects = [
      new OursOnMachines(),
      ...(ansible === undefined ? [] : [new AnsibleOnMachines(ansible)]),
    ];
    for (const subject of subjects) {
      rows = [...rows, ...(await runMachines(subject, nodes))];
      const result = { machine, load: loadavg(), rows };
      writeFileSync(options.out, `${JSON.stringify(result, null, 1)}\n`);
    }
  }
  say(`${machine}, load ${loadavg()[0]?.toFixed(1)}\n\n${machineTable(rows)}`);
}

const steps = ["from bare machines", "no change"] as const;

/** Measures both steps of one subject on machines of its own, and removes them whatever happens. */
async function runMachines(subject: MachineSubject, nodes: number): Promise<readonly MachineRow[]> {
  const bare = new BareMachines(subject.name);
  const rows: MachineRow[] = [];
  try {
    await during(`starting ${nodes} bare machines`, () => bare.start(nodes));
    await subject.prepare(bare);
    for (const step of steps) {
      const row = await during(`${subject.name}: ${step} (${nodes} machines)`, () =>
        runStep(subject, bare, step),
      );
      rows.push(row);
      say(`${subject.name}: ${step} (${nodes} machines): ${row.problem ?? `${row.seconds} s`}`);
      if (row.problem !== undefined) break;
    }
  } finally {
    await bare.close();
    subject.close();
  }
  return rows;
}

async function runStep(
  subject: MachineSubject,
  bare: BareMachines,
  step: MachineRow["step"],
): Promise<MachineRow> {
  const before = await bare.logins();
  const { status, output, seconds, cpuSeconds } = await measure(subject.command(bare));
  const problem =
    status === 0
      ? await bare.shortfall()
      : `exit status ${status}: ${lastLines(output, 6).replaceAll("\n", " ")}`;
  return {
    nodes: bare.machines.length,
    step,
    subject: subject.name,
    seconds: Number(seconds.toFixed(1)),
    cpuSeconds: Number(cpuSeconds.toFixed(1)),
    logins: (await bare.logins()) - before,
    ...(problem === undefined ? {} : { problem }),
  };
}
