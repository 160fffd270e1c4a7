import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { printable } from "../../components/model/printable";
import { Failure } from "./failure";
import { interruption } from "./interruption";

/** How to run a command. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Written to its standard input. @default nothing */
  readonly input?: string;
  /** Ends the command after this many milliseconds. @default never */
  readonly timeoutMs?: number;
  /** Takes output as it comes. */
  readonly onOutput?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** How a command ended. Of standard error only the end is kept. */
export interface Ended {
  /** 127 when there is no such command, 124 when the time was up. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and returns what it printed; it never throws because of a status. */
export async function capture(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    env: options.env ?? process.env,
    cwd: options.cwd,
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const forget = interruption.watch(child);
  const late = options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs);
  const ended = new AbortController();
  for (const signal of [late, options.signal]) {
    signal?.addEventListener("abort", () => child.kill("SIGKILL"), { signal: ended.signal });
  }
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      text[name] = name === "stderr" ? lastLetters(text[name] + chunk) : text[name] + chunk;
      options.onOutput?.(chunk);
    });
  }
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input);
  const status = await ending(child).finally(() => {
    ended.abort();
    forget();
  });
  interruption.throwIfInterrupted();
  return { status: late?.aborted ? 124 : status, ...text };
}

/** Waits for the end of a process: its status, 127 when it could not be started, 128 + n for signals. */
export function ending(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", (status, signal) => resolve(status ?? (signal === "SIGINT" ? 130 : 137)));
  });
}

/** The same as {@link capture}, for commands that must succeed. */
export async function must(
  what: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await capture(command, args, options);
  if (status !== 0) {
    const said = lastLines(`${stdout}\n${stderr}`, 15);
    throw new Failure(
      `${what} failed (${[command, ...args.slice(0, 3)].join(" ")}: ${statusText(status)}).`,
      said === "" ? undefined : said,
    );
  }
  return stdout;
}

function statusText(status: number): string {
  if (status === 127) {
    return "there is no such command";
  }
  return status === 124 ? "it took too long" : `exit status ${status}`;
}

/** Most letters that are kept of what a command says on the way. */
const mostLetters = 1_000_000;

/** The end of a text that may become long. */
export function lastLetters(text: string): string {
  return text.length > 2 * mostLetters ? text.slice(-mostLetters) : text;
}

/** The end of what a program said, without empty lines, as text that can be printed. */
export function lastLines(text: string, count: number): string {
  const lines = printable(text)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.slice(-count).join("\n");
}

/** The path of a command, or undefined when it is not on PATH. */
export function findCommand(name: string, env: NodeJS.ProcessEnv = process.env) {
  const paths = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return paths.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
