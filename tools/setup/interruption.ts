import type { ChildProcess } from "node:child_process";
import { Exit } from "./failure";

/** A terminal, npm and our entry script each forward the same Ctrl-C; signals within this time count as one. */
const sameMs = 700;

/** The signal that a child gets when the command is asked to end. */
type Forward = (signal: "SIGINT" | "SIGKILL") => void;

/** Ctrl-C for the whole command: the first asks everything to end, the second kills. */
export class Interruption {
  private readonly children = new Set<Forward>();
  private readonly controller = new AbortController();
  private lastMs = Number.NEGATIVE_INFINITY;
  private count = 0;

  constructor(
    private readonly say: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Aborted by the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends a child with the command. @returns to be called when the child has ended */
  watch(child: ChildProcess): () => void {
    return this.forward((signal) => child.kill(signal));
  }

  /** Calls back when the command has to end. */
  forward(forward: Forward): () => void {
    this.children.add(forward);
    return () => this.children.delete(forward);
  }

  /** A signal arrived. */
  interrupt(): void {
    if (this.now() - this.lastMs < sameMs) {
      return;
    }
    this.lastMs = this.now();
    this.count += 1;
    this.say(
      this.count === 1
        ? "Stopping: letting running work finish. Press Ctrl-C again to kill it."
        : "Killing running work.",
    );
    for (const forward of this.children) {
      forward(this.count === 1 ? "SIGINT" : "SIGKILL");
    }
    this.controller.abort();
  }

  /** @throws Exit 130 after a Ctrl-C */
  throwIfInterrupted(): void {
    if (this.count > 0) {
      throw new Exit(130);
    }
  }

  /** Lets clean-up run to its end. @returns whether there was a Ctrl-C */
  forgive(): boolean {
    const interrupted = this.count > 0;
    this.count = 0;
    return interrupted;
  }

  /** Listens to the signals that ask a command to end. */
  listen(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => this.interrupt());
    }
  }
}

/** The one of this process. */
export const interruption = new Interruption((line) => process.stderr.write(`${line}\n`));
