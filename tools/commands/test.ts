import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Arguments } from "../arguments";
import { aptInstall, canInstall } from "../setup/apt";
import { Exit, Failure, messageOf } from "../setup/failure";
import { endOrphans } from "../setup/heal";
import { interruption } from "../setup/interruption";
import { listOwners } from "../setup/local-objects";
import { findCommand } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { markers, markOf } from "../setup/runs";
import { type Machine, ownersVariable, prepareMachine } from "../setup/session";
import { cleanUp, stopEngine } from "../test/cleanup";
import { engineSuites, runChecks, runEngineSuite, runUnitTests } from "../test/suites";
import { closingLines, oneCheck, oneSkip, sum, type Tally } from "../test/tally";

const parts = ["check", "unit", ...engineSuites] as const;
type Part = (typeof parts)[number];

/** Runs all tests, or with `--only <part>` some; ends with how many passed, failed and were skipped. */
export async function test({ rest }: Arguments, progress: Progress): Promise<void> {
  const chosen = chooseParts(rest);
  const mark = markOf(process.pid);
  process.env[markers.test] = mark;
  await endOrphans();
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-test-"));
  const owners = join(folder, "owners");
  const needsMachine = engineSuites.some((suite) => chosen.includes(suite));
  await installTestTools(progress);
  const preparing = needsMachine ? prepare(progress) : undefined;
  let tally: Tally | undefined;
  let before: ReadonlySet<string> = new Set();
  try {
    const quick = await progress.during("checks and unit tests", () => runQuick(chosen, progress));
    const prepared = preparing && (await progress.during("setting up", () => preparing));
    if (prepared?.machine !== undefined) {
      before = await listOwners();
    }
    const suites = await runSuites(chosen, progress, prepared, owners);
    const failed = prepared !== undefined && prepared.machine === undefined;
    const setUp = failed ? [oneCheck(`set-up: ${prepared.problem}`, false)] : [];
    tally = sum([...quick, ...setUp, ...suites]);
  } finally {
    // Before it is forgiven, so that an interrupted set-up does not go on.
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

/** @throws Failure for a part that does not exist */
export function chooseParts(rest: readonly string[]): readonly Part[] {
  const words = rest.flatMap((word) => word.replace(/^--only=/, "").split(","));
  const names = words.filter((word) => word !== "--only");
  const unknown = names.find((name) => !(parts as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new Failure(
      `There is no part ${unknown} of the tests.`,
      `Type: npm test, or npm test -- --only ${parts.join("|")}`,
    );
  }
  return names.length === 0 ? parts : (names as Part[]);
}

interface Prepared {
  readonly machine: Machine | undefined;
  readonly problem: string;
}

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

/** A machine that cannot be set up fails the run, but lets the other tests go on. */
function prepare(progress: Progress): Promise<Prepared> {
  return prepareMachine(progress).then(
    (machine) => ({ machine, problem: "none" }),
    (error: unknown) => ({ machine: undefined, problem: messageOf(error).replaceAll("\n", " ") }),
  );
}

const notAskedFor = "it was not asked for (--only)";

async function runQuick(chosen: readonly Part[], progress: Progress): Promise<readonly Tally[]> {
  const run = (part: Part, work: (progress: Progress) => Promise<Tally>) =>
    chosen.includes(part) ? work(progress) : oneSkip(part, notAskedFor);
  return [await run("check", runChecks), await run("unit", runUnitTests)];
}

async function runSuites(
  chosen: readonly Part[],
  progress: Progress,
  prepared: Prepared | undefined,
  owners: string,
): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const suite of engineSuites) {
    if (!chosen.includes(suite)) {
      tallies.push(oneSkip(`tests/${suite}`, notAskedFor));
    } else if (prepared?.machine === undefined) {
      tallies.push(oneSkip(`tests/${suite}`, `set-up failed: ${prepared?.problem}`));
    } else {
      const { command, home } = prepared.machine.pulumi;
      const env = {
        SWARMYARD_PULUMI: command,
        SWARMYARD_PULUMI_HOME: home,
        [ownersVariable]: owners,
        // What a killed test leaves goes with the run's own folder.
        TMPDIR: dirname(owners),
      };
      tallies.push(await runEngineSuite(progress, suite, env));
    }
  }
  return tallies;
}
