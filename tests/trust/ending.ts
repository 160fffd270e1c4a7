import { markedProcesses } from "../../tools/setup/runs";
import { descendants, isRunning } from "../conformance/processes";
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
  /** Processes of the run when its end came: plugins, the provider, the program. */
  readonly processes: readonly number[];
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
  const processes = below.filter((pid) => !before.has(pid));
  const marked = markedProcesses().filter(({ pid }) => processes.includes(pid));
  return { processes, marks: new Set(marked.flatMap(({ owners }) => owners[0] ?? [])) };
}

/** What still runs of a run that was ended. */
export function survivors({ processes, marks }: Ended): readonly number[] {
  const marked = markedProcesses().filter(({ owners }) => marks.has(owners[0] ?? ""));
  const known = processes.filter(isRunning);
  return [...new Set([...known, ...marked.map(({ pid }) => pid)])];
}
