import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaults } from "../../components/config/environment/defaults";
import type { LocalEngine } from "../../components/model/local-engines";
import { aptInstall, canInstall } from "../setup/apt";
import { Exit, messageOf } from "../setup/failure";
import { endOrphans } from "../setup/heal";
import { interruption } from "../setup/interruption";
import { listOwners } from "../setup/local-objects";
import { findCommand } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { markers, markOf } from "../setup/runs";
import { type Machine, ownersVariable, prepareMachine } from "../setup/session";
import { cleanUp, stopEngine } from "./cleanup";
import { closingLines, oneCheck, sum, type Tally } from "./tally";

/** What a test run does between its set-up and its clean-up. */
export interface TestRun {
  /** Whether it needs a Docker engine and a Pulumi. */
  readonly needsMachine: boolean;
  /** Generations whose base images it needs beside the usual ones. @default none */
  readonly engines?: readonly LocalEngine[];
  /** Tests that need no machine; they run while it is set up. */
  quick(): Promise<readonly Tally[]>;
  /** Tests on real engines. */
  suites(prepared: Prepared): Promise<readonly Tally[]>;
}

/** The machine's set-up, or why there is none. */
export interface Prepared {
  readonly machine: Machine | undefined;
  readonly problem: string;
  /** Variables for the suites. */
  readonly env: NodeJS.ProcessEnv;
}

/** Runs tests, removes what they left, and ends with how many passed, failed and were skipped. */
export async function runTests(run: TestRun, progress: Progress): Promise<void> {
  const mark = markOf(process.pid);
  process.env[markers.test] = mark;
  await endOrphans();
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-test-"));
  const owners = join(folder, "owners");
  await installTestTools(progress);
  const preparing = run.needsMachine ? prepare(run, progress, { folder, owners }) : undefined;
  let tally: Tally | undefined;
  let before: ReadonlySet<string> = new Set();
  try {
    const quick = await run.quick();
    const prepared = preparing && (await progress.during("setting up", () => preparing));
    if (prepared?.machine !== undefined) {
      before = await listOwners();
    }
    const suites = await run.suites(prepared ?? notPrepared);
    const failed = prepared !== undefined && prepared.machine === undefined;
    const setUp = failed ? [oneCheck(`set-up: ${prepared.problem}`, false)] : [];
    tally = sum([...quick, ...setUp, ...suites]);
  } finally {
    // Before the failure is tolerated, so that an interrupted set-up does not continue.
    const machine = (await preparing)?.machine;
    interruption.forgive();
    await cleanUp({ mark, ownersFile: owners, before }, progress);
    rmSync(folder, { recursive: true, force: true });
    if (machine?.engine.startedPid !== undefined) {
      await stopEngine(machine.engine.startedPid, progress);
    }
  }
  for (const line of closingLines(tally)) {
    progress.line(line);
  }
  if (tally.failed.length > 0) {
    throw new Exit(1);
  }
}

const notPrepared: Prepared = { machine: undefined, problem: "it was not asked for", env: {} };

/** What only tests need; where it cannot be installed, those that need it are skipped with that reason. */
async function installTestTools(progress: Progress): Promise<void> {
  const missing = [
    ...(findCommand("shellcheck") === undefined ? ["shellcheck"] : []),
    ...(existsSync("/usr/sbin/sshd") ? [] : ["openssh-server"]),
  ];
  if (missing.length === 0 || !canInstall()) return;
  progress.line(`Installing ${missing.join(" and ")}, because tests need it.`);
  await aptInstall(progress, missing);
}

/** A failed set-up fails the run, but the other tests continue. */
async function prepare(
  { engines = [] }: TestRun,
  progress: Progress,
  { folder, owners }: { readonly folder: string; readonly owners: string },
): Promise<Prepared> {
  try {
    const needed = [...new Set([defaults.engine, ...engines])];
    const machine = await prepareMachine(progress, needed);
    const env = {
      SWARMYARD_PULUMI: machine.pulumi.command,
      SWARMYARD_PULUMI_HOME: machine.pulumi.home,
      [ownersVariable]: owners,
      // What a killed test leaves goes with the run's own folder.
      TMPDIR: folder,
    };
    return { machine, problem: "none", env };
  } catch (error) {
    return { machine: undefined, problem: messageOf(error).replaceAll("\n", " "), env: {} };
  }
}
