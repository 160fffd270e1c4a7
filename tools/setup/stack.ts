import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Held } from "../report/destruction";
import { applyVariables, backendFolder, type Variables } from "./backend";
import type { EnvironmentFile } from "./environment-file";
import { Failure } from "./failure";
import { type Folders, privateFolder, root, stackFolder } from "./folders";
import { endGroup, endOwn, guard, tiedToUs } from "./guard";
import { interruption } from "./interruption";
import { linesWithout } from "./lines-without";
import { isLoud, loudWarning } from "./loud";
import { capture, type Ended, ending, lastLines } from "./processes";
import type { Progress } from "./progress";
import type { Pulumi } from "./pulumi";
import { besideItsFile } from "./settings-folder";
import { stateFailure } from "./shared-state";

/** What a stack runs with. */
export interface StackOptions {
  readonly name: string;
  readonly file: EnvironmentFile;
  readonly folders: Folders;
  readonly pulumi: Pulumi;
  readonly variables: Variables;
  readonly progress: Progress;
}

/** An operation that a killed run did not finish. */
export interface Pending {
  readonly type?: string;
  readonly resource?: Held;
}

/** What `pulumi stack export` prints, as far as it matters here. */
export interface Exported {
  readonly deployment?: {
    /** When the state was last written. */
    readonly manifest?: { readonly time?: string };
    readonly resources?: readonly Held[];
    readonly pending_operations?: readonly Pending[];
  };
}

/** One Pulumi stack, through the command line. */
export class Stack {
  private readonly env: NodeJS.ProcessEnv;

  constructor(private readonly options: StackOptions) {
    this.env = applyVariables(process.env, options.variables);
  }

  /** Name of the stack, which is that of the environment. */
  get name(): string {
    return this.options.name;
  }

  /** True when the state is in one of our folders. */
  get local(): boolean {
    return this.options.file.local;
  }

  /** Whether there is a state. Only local ones can be checked; others count as existing. */
  exists(): boolean {
    const { folders, file } = this.options;
    const state = join(backendFolder(folders, this.name), ".pulumi", "stacks", file.project);
    const names = [`${this.name}.json`, `${this.name}.json.gz`];
    return !this.local || names.some((name) => existsSync(join(state, name)));
  }

  /**
   * Creates the local stack if it is missing; its settings file is not changed.
   *
   * @throws Failure when a shared state cannot be reached, or has no such stack
   */
  async ensure(): Promise<void> {
    if (!this.local) {
      await this.export();
      return;
    }
    if (this.exists()) {
      return;
    }
    privateFolder(stackFolder(this.options.folders, this.name));
    privateFolder(backendFolder(this.options.folders, this.name));
    const provider = ["--secrets-provider", "passphrase", "--no-select"];
    await besideItsFile(this.options.file, async (cwd) => {
      await this.must("Creating the stack", ["stack", "init", this.name, ...provider], { cwd });
    });
  }

  /** The state, read directly from its file if that is ours, without starting pulumi. */
  async peek(): Promise<Exported> {
    const { folders, file } = this.options;
    const state = join(backendFolder(folders, this.name), ".pulumi", "stacks", file.project);
    const found = this.local ? readCheckpoint(join(state, `${this.name}.json`)) : undefined;
    return found ?? (await this.export());
  }

  /** The state as it is, secrets encrypted. */
  async export(): Promise<Exported> {
    return JSON.parse(await this.must("Reading the state", ["stack", "export", ...this.select]));
  }

  /** The state with its secrets in clear; never print or write it. */
  async exportClear(): Promise<Exported> {
    const args = ["stack", "export", "--show-secrets", ...this.select];
    return JSON.parse(await this.must("Reading the state", args));
  }

  /** Whether a shared backend has the stack. @throws Failure when it cannot be asked */
  async known(): Promise<boolean> {
    const args = ["stack", "ls", "--json"];
    const stacks = JSON.parse(await this.must("Contacting the backend", args)) as {
      name: string;
    }[];
    return stacks.some(({ name }) => name.split("/").at(-1) === this.name);
  }

  /** Replaces the state. */
  async import(state: Exported): Promise<void> {
    const args = ["stack", "import", ...this.select];
    await this.must("Writing the state", args, { input: JSON.stringify(state) });
  }

  /** Outputs with their secrets; never print them. */
  async outputs(): Promise<{ readonly [name: string]: unknown }> {
    const args = ["stack", "output", "--json", "--show-secrets", ...this.select];
    return JSON.parse(await this.must("Reading the outputs", args));
  }

  /** What `up` would change, as JSON; the state stays as it is. */
  async previewJson(options: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
    this.warnIfLoud(options);
    const args = ["preview", "--json", ...options, ...this.select, "--non-interactive"];
    return capture(this.options.pulumi.command, args, { cwd: root, env: { ...this.env, ...more } });
  }

  /** Encrypts a value into a settings file. It goes in by standard input: others can read arguments. */
  async setSecret(key: string, value: string, file: string): Promise<void> {
    const args = ["config", "set", "--secret", "--config-file", file, ...this.select, key];
    await this.must("Encrypting a value", args, { input: value });
  }

  /** Removes a destroyed stack; its settings file stays. */
  async remove(): Promise<void> {
    await this.must("Removing the stack", [
      "stack",
      "rm",
      "--yes",
      "--preserve-config",
      ...this.select,
    ]);
  }

  /**
   * Runs pulumi and shows its output as it arrives.
   *
   * @param look `watch` gets the output; lines that match `without` are not shown; `beside` starts work
   * that goes on meanwhile, and returns what ends it; `env` is added
   * @returns its exit status
   */
  async show(
    what: string,
    args: readonly string[],
    look: {
      readonly watch?: (text: string) => void;
      readonly without?: RegExp;
      readonly beside?: () => () => Promise<void>;
      readonly env?: NodeJS.ProcessEnv;
    } = {},
  ): Promise<number> {
    this.warnIfLoud(args);
    const colour = process.stdout.isTTY && !args.includes("--color") ? ["--color", "always"] : [];
    const full = [...args, ...this.select, "--non-interactive", ...colour];
    const [command, ...rest] = tiedToUs(this.options.pulumi.command, full);
    // Its own process group: a terminal's Ctrl-C must reach it once, through us.
    const child = spawn(command as string, rest, {
      cwd: root,
      env: { ...this.env, ...look.env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const forget = interruption.forward((signal) => endGroup(child.pid, signal));
    const unguard = guard();
    const endBeside = look.beside?.();
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      const shown = look.without === undefined ? undefined : linesWithout(look.without);
      from.on("data", (chunk: Buffer) => {
        to.write(shown === undefined ? chunk : shown.take(chunk.toString()));
        look.watch?.(chunk.toString());
        this.options.progress.touch();
      });
      if (shown !== undefined) from.on("end", () => to.write(shown.rest()));
    }
    const status = await this.options.progress.during(what, () => ending(child)).finally(forget);
    await endBeside?.();
    await endOwn();
    unguard();
    interruption.throwIfInterrupted();
    return status;
  }

  private warnIfLoud(options: readonly string[]): void {
    if (isLoud(options, this.env)) this.options.progress.line(loudWarning);
  }

  private get select(): readonly string[] {
    return ["--stack", this.name];
  }

  private async must(
    what: string,
    args: readonly string[],
    how: { readonly input?: string; readonly cwd?: string } = {},
  ): Promise<string> {
    const { status, stdout, stderr } = await capture(
      this.options.pulumi.command,
      [...args, "--non-interactive"],
      { cwd: root, env: this.env, ...how },
    );
    if (status !== 0) {
      const known = this.local ? undefined : stateFailure(stderr, this.name);
      throw known ?? new Failure(`${what} of ${this.name} failed.`, lastLines(stderr, 8));
    }
    return stdout;
  }
}

/** A file of Pulumi's backend in the form of an export; undefined when it has another format. */
export function readCheckpoint(file: string): Exported | undefined {
  if (!existsSync(file)) return undefined;
  const { version, checkpoint } = JSON.parse(readFileSync(file, "utf8"));
  if (version !== 3 && version !== 4) return undefined;
  return { deployment: checkpoint?.latest ?? {} };
}
