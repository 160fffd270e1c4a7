import { listProcesses, readStat, treeOf } from "./process-tree";
import { type Command, run, throwIfInterrupted } from "./processes";

/** What a command took. */
export interface Measured {
  readonly seconds: number;
  /** Processor time of the command and all that it started and waited for; the Docker engines' is not included. */
  readonly cpuSeconds: number;
  /** Peak memory of its processes together. */
  readonly peakMegabytes: number;
  readonly status: number;
  readonly output: string;
}

const sampleMs = 250;
/** Linux always reports both in these units. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** Runs a command and measures it from its start to its end. */
export async function measure(command: Command): Promise<Measured> {
  const ticks = childTicks();
  const began = process.hrtime.bigint();
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const { status, output } = await run(command, (pid) => {
    timer = setInterval(() => {
      peak = Math.max(peak, memoryOf(pid));
    }, sampleMs);
  }).finally(() => clearInterval(timer));
  throwIfInterrupted();
  return {
    seconds: Number(process.hrtime.bigint() - began) / 1e9,
    cpuSeconds: (childTicks() - ticks) / ticksPerSecond,
    peakMegabytes: (peak * pageBytes) / 2 ** 20,
    status,
    output,
  };
}

function memoryOf(pid: number): number {
  return treeOf(pid, listProcesses()).reduce((sum, { pages }) => sum + pages, 0);
}

function childTicks(): number {
  return readStat("self")?.childTicks ?? 0;
}
