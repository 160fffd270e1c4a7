import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, markedProcesses, markers, markOf } from "../../tools/setup/runs";
import { commandOf, descendants } from "../conformance/processes";
import type { Run, Yard } from "../e2e/yard";

/** Things that happen to resources in a run, each counted once: `created small-network-back`. */
export class Progress {
  private readonly seen = new Set<string>();

  /** Takes a line of the output. @returns true when something new happened */
  take(line: string): boolean {
    const match = /^ [-+~ ]+(\S+:\S+:\S+) (\S+) ((?:creat|updat|delet|replac)(?:ing|ed))\b/.exec(
      line,
    );
    if (match === null) return false;
    const before = this.seen.size;
    this.seen.add(`${match[3]} ${match[1]} ${match[2]}`);
    return this.seen.size > before;
  }

  /** How much happened. */
  get count(): number {
    return this.seen.size;
  }
}

/** A run that is ended on its way. */
export interface Ended extends Run {
  /** Whether it was there still when its end came. */
  readonly reached: boolean;
  /** Seconds from the end that it was given to the end that it took. */
  readonly lasted: number;
  /** Processes of the run when its end came: plugins, the provider, the program; each as `<pid>:<start>`. */
  readonly processes: readonly string[];
  /** Marks of the run, by which also others find what it left. */
  readonly marks: ReadonlySet<string>;
}

/** Runs a command and does something to it after so many events and milliseconds. */
export async function endOnTheWay(
  yard: Yard,
  command: "up" | "down",
  at: { readonly events: number; readonly ms: number },
  end: () => void,
): Promise<Ended> {
  const progress = new Progress();
  const before = new Set(descendants(process.pid).map(({ pid }) => pid));
  let found: Pick<Ended, "processes" | "marks"> = { processes: [], marks: new Set() };
  let reached = false;
  let timer: NodeJS.Timeout | undefined;
  let ended = Number.POSITIVE_INFINITY;
  const strike = () => {
    reached = true;
    found = processesOfRun(before);
    ended = Date.now();
    end();
  };
  const schedule = () => {
    if (timer === undefined && progress.count >= at.events) timer = setTimeout(strike, at.ms);
  };
  schedule();
  const run = await yard.run(command, [], (line) => {
    if (progress.take(line)) schedule();
  });
  clearTimeout(timer);
  return { ...run, ...found, reached, lasted: (Date.now() - ended) / 1000 };
}

/** Everything below this process that was not there before the run, and the marks that it carries. */
function processesOfRun(before: ReadonlySet<number>): Pick<Ended, "processes" | "marks"> {
  const below = descendants(process.pid).map(({ pid }) => pid);
  const found = below.filter((pid) => !before.has(pid));
  const all = markedProcesses();
  // What these tests themselves were started by is not of the run.
  const ours = Object.values(markers).map((name) => process.env[name]);
  const marked = all.filter(({ pid }) => found.includes(pid));
  const marks = new Set(
    marked.flatMap(({ owners }) => owners.filter((owner) => !ours.includes(owner))),
  );
  return { processes: found.map(markOf), marks };
}

/**
 * Waits until nothing runs any more of a run that was ended.
 * @throws with the command lines of what does
 */
export async function nothingSurvives(ended: Ended, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const left = survivors(ended);
    if (left.length === 0) return;
    if (Date.now() > end) {
      const lines = left.map((pid) => `${pid} ${commandOf(pid)}`);
      throw new Error(`these run still after ${seconds} s:\n${lines.join("\n")}`);
    }
    await sleep(100);
  }
}

function survivors({ processes, marks }: Ended): readonly number[] {
  const marked = markedProcesses().filter(({ owners }) => owners.some((owner) => marks.has(owner)));
  const known = processes.filter((mark) => isAlive(mark)).map((mark) => Number(mark.split(":")[0]));
  return [...new Set([...known, ...marked.map(({ pid }) => pid)])];
}
