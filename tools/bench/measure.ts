import { spawn } from "node:child_process";
import { interruption } from "../setup/interruption";
import { ending } from "../setup/processes";
import { listProcesses, readStat, treeOf } from "./process-tree";

/** A command to time. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a command took. */
export interface Measured {
  readonly seconds: number;
  /** Processor time of the command and all that it started and waited for; the engines' is not in it. */
  readonly cpuSeconds: number;
  /** Most memory that its processes held at once. */
  readonly peakMegabytes: number;
  readonly status: number;
  readonly output: string;
}

const sampleMs = 250;
/** Both are fixed in what Linux tells programs. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** Runs a command and measures it from its start to its end. */
export async function measure({ command, args, cwd, env }: Command): Promise<Measured> {
  const ticks = childTicks();
  const began = process.hrtime.bigint();
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const forget = interruption.forward((signal) => killGroup(child.pid, signal));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(child.pid ?? -1));
  }, sampleMs);
  const status = await ending(child).finally(() => {
    clearInterval(timer);
    forget();
  });
  interruption.throwIfInterrupted();
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

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has just ended.
  }
}
