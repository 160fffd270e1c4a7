import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { remote } from "@pulumi/command";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { Sandbox } from "./sandbox";
import { type Sshd, startSshd } from "./sshd";

/** The command line and the plugin that a run of the suite is about. */
export interface Subject {
  readonly pulumi: string;
  readonly plugin: string;
}

/** What every test of a run uses: an SSH server for all of them, a stack and a log for each. */
export interface Bench {
  readonly subject: Subject;
  readonly sshd: Sshd;
  readonly box: Sandbox;
  /** A file on the "other" machine that commands append a line to. */
  readonly logFile: string;
  /** The lines of that file. */
  log(): readonly string[];
  /** The inputs of a connection to the server, changed as said. */
  connection(changes?: Partial<ConnectionInputs>): ConnectionInputs;
}

/** The inputs of a connection. */
export type ConnectionInputs = remote.CommandArgs["connection"] & object;

/** Prepares a bench with the hooks of vitest; use it inside a `describe`. */
export function useBench(subject: Subject, sshdLines: readonly string[] = []): Bench {
  let sshd: Sshd | undefined;
  let box: Sandbox | undefined;
  let folder = "";
  beforeAll(async () => {
    sshd = await startSshd(sshdLines);
  });
  afterAll(() => sshd?.remove());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "conformance-log-"));
    box = await Sandbox.open(subject.pulumi, subject.plugin);
  });
  afterEach(() => {
    box?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const bench: Bench = {
    subject,
    get sshd() {
      return present(sshd);
    },
    get box() {
      return present(box);
    },
    get logFile() {
      return join(folder, "log");
    },
    log: () =>
      existsSync(bench.logFile) ? readFileSync(bench.logFile, "utf8").trim().split("\n") : [],
    connection: (changes = {}) => reach(bench.sshd, changes),
  };
  return bench;
}

/** The inputs of a connection to a server, with few retries so that failures come soon. */
export function reach(sshd: Sshd, changes: Partial<ConnectionInputs> = {}): ConnectionInputs {
  const { host, port, privateKey, hostKey } = sshd;
  return {
    host,
    port,
    user: "root",
    privateKey,
    hostKey,
    dialErrorLimit: 3,
    ...changes,
  } as ConnectionInputs;
}

/** Declares the remote command `c`. */
export function declare(
  args: remote.CommandArgs,
  options: ConstructorParameters<typeof remote.Command>[2] = {},
): remote.Command {
  return new remote.Command("c", { addPreviousOutputInEnv: false, ...args }, options);
}

function present<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("the bench is only there while a test runs");
  }
  return value;
}
