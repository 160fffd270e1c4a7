import { spawn } from "node:child_process";

/** A command and where it runs. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/** How a command ended. */
export interface Ended {
  /** 127 when there is no such command. */
  readonly status: number;
  readonly stdout: string;
  /** The end of both streams, in the order in which it came. */
  readonly output: string;
}

const groups = new Set<number>();
let interrupts = 0;
let lastMs = 0;
/** A terminal and npm each forward the same Ctrl-C; signals within this time count as one. */
const sameMs = 700;

/** Forwards Ctrl-C to running commands; the second one kills them. Clean-up still runs. */
export function listen(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (Date.now() - lastMs < sameMs) return;
      lastMs = Date.now();
      interrupts += 1;
      for (const group of groups) signalGroup(group, interrupts === 1 ? "SIGINT" : "SIGKILL");
    });
  }
}

/** @throws Error after a Ctrl-C */
export function throwIfInterrupted(): void {
  if (interrupts > 0) throw new Error("stopped");
}

/** Runs a command in a process group of its own. It never throws for a status. */
export async function run(
  { command, args, cwd, env = process.env }: Command,
  started: (pid: number) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid ?? 0;
  if (pid > 0) {
    groups.add(pid);
    started(pid);
  }
  let [stdout, output] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-20_000);
    });
  }
  const status = await new Promise<number>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 137)));
  });
  groups.delete(pid);
  return { status, stdout, output };
}

/** The same for a command that must succeed. @returns its standard output */
export async function must(what: string, command: Command): Promise<string> {
  const { status, stdout, output } = await run(command);
  if (status !== 0) throw new Error(`${what} failed (status ${status}).\n${lastLines(output, 15)}`);
  return stdout;
}

/** The end of a text, without empty lines. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).join("\n");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has just ended.
  }
}
