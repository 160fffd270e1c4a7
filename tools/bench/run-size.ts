import { ConnectionCounter } from "./connections";
import { measure } from "./measure";
import type { Size } from "./options";
import { lastLines } from "./processes";
import { during, say } from "./progress";
import type { Row } from "./result";
import { type Step, stepsOf } from "./steps";
import type { Subject } from "./subject";
import { type RunningTask, replaced, runningTasks, shortfall } from "./tasks";

/** Measures all steps of one subject, and removes it whatever happens. */
export async function runSize(subject: Subject, size: Size): Promise<readonly Row[]> {
  const counter = new ConnectionCounter(subject.subnet);
  const rows: Row[] = [];
  let before: readonly RunningTask[] = [];
  try {
    await counter.open();
    for (const step of stepsOf(size)) {
      const what = `${subject.name}: ${step.name} (${size.services} services, ${size.nodes} nodes)`;
      const work = () => runStep(subject, step, counter, before);
      const done = await during(what, work);
      if (done === undefined) continue;
      rows.push({ ...size, ...done.row });
      before = done.tasks;
      say(`${what}: ${done.row.problem ?? `${done.row.seconds.toFixed(1)} s`}`);
      if (done.row.problem !== undefined) break;
    }
  } finally {
    await counter.close();
    await subject.close();
  }
  return rows;
}

interface Done {
  readonly row: Omit<Row, keyof Size>;
  readonly tasks: readonly RunningTask[];
}

async function runStep(
  subject: Subject,
  step: Step,
  counter: ConnectionCounter,
  before: readonly RunningTask[],
): Promise<Done | undefined> {
  const command = subject.command(step);
  if (command === undefined) return undefined;
  const connected = await counter.read();
  const { output, status, ...figures } = await measure(command);
  const connections = difference(await counter.read(), connected);
  const row = {
    ...rounded(figures),
    subject: subject.name,
    step: step.name,
    leastReplaced: step.leastReplaced,
    ...(connections === undefined ? {} : { connections }),
  };
  if (status !== 0) {
    const problem = `exit status ${status}: ${lastLines(output, 6).replaceAll("\n", " ")}`;
    return { row: { ...row, problem }, tasks: [] };
  }
  if (step.command === "down") return { row, tasks: [] };
  const tasks = await runningTasks(subject.manager);
  const problem = step.command === "up" ? shortfall(tasks, step.variation) : undefined;
  return {
    row: {
      ...row,
      ...(before.length === 0 ? {} : { replaced: replaced(before, tasks) }),
      ...(problem === undefined ? {} : { problem }),
    },
    tasks,
  };
}

function difference(now: number | undefined, then: number | undefined): number | undefined {
  return now === undefined || then === undefined ? undefined : now - then;
}

function rounded<T extends { readonly [name: string]: number }>(figures: T): T {
  const entries = Object.entries(figures).map(([name, value]) => [name, Number(value.toFixed(2))]);
  return Object.fromEntries(entries) as T;
}
