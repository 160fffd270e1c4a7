import { spawn } from "node:child_process";
import { STAND_INS_VARIABLE } from "../components/config/environment/stand-ins";
import { FORGET_VARIABLE } from "../components/model/forgotten";
import { type Arguments, type Command, helpFor, parseArguments } from "./arguments";
import { Exit, messageOf } from "./setup/failure";
import { flushed } from "./setup/flush";
import { root } from "./setup/folders";
import { interruption } from "./setup/interruption";
import { ending } from "./setup/processes";
import { Progress } from "./setup/progress";
import { markers, markOf, withoutMarks } from "./setup/runs";

type Run = (args: Arguments, progress: Progress) => Promise<void>;

/** Commands by name, each loaded only when it runs: they need different things, and some need a lot. */
const runs: { readonly [command in Command]: () => Run } = {
  up: () => require("./commands/up").up,
  down: () => require("./commands/down").down,
  preview: () => require("./commands/preview").preview,
  refresh: () => require("./commands/refresh").refresh,
  upgrade: () => require("./commands/upgrade").upgrade,
  recover: () => require("./commands/recover").recover,
  "refresh-machines": () => require("./commands/refresh-machines").refreshMachines,
  docker: () => require("./commands/docker").docker,
  reach: () => require("./commands/reach").reach,
  env: () => require("./commands/env").env,
  secret: () => require("./commands/secret").secret,
  convert: () => require("./commands/convert").convert,
  adopt: () => require("./commands/adopt").adopt,
  map: () => script("--require", "./components/runtime/typescript.cjs", "tools/map.ts"),
  scan: () => require("./commands/scan").scan,
  leaks: () => require("./commands/leaks").leaks,
  ci: () => require("./commands/ci").ci,
  setup: () => require("./commands/setup").setup,
  test: () => require("./commands/test").test,
  "test:trust": () => require("./commands/test-trust").testTrust,
  "test:systems": () => require("./commands/test-systems").testSystems,
  "test:aws": () => require("./commands/test-aws").testAws,
  "build:aws": () => require("./commands/build-aws").buildAws,
  // A package of its own: it is only run, and drives us through npm commands.
  bench: () => script("--import", "tsx", "tools/bench/main.ts"),
};

/** Commands whose standard output is read by others, so that nothing else may go there. */
const forOthers: readonly Command[] = ["env", "docker", "map", "convert"];

function isForOthers({ command, rest }: Arguments): boolean {
  return forOthers.includes(command) || rest.includes("--json") || rest.includes("-j");
}

/** Runs a file in a process of its own, which ends on Ctrl-C and is not killed as one of our orphans. */
function script(...node: readonly string[]): Run {
  return async ({ command, stack, rest }) => {
    const args = [...node, ...(command === "map" ? [stack] : rest)];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: withoutMarks(process.env),
      stdio: "inherit",
    });
    const forget = interruption.watch(child);
    const status = await ending(child).finally(forget);
    if (status !== 0) throw new Exit(status);
  };
}

async function main(): Promise<void> {
  process.env[markers.run] = markOf(process.pid);
  interruption.listen();
  const args = parseArguments(process.argv.slice(2));
  // The program reads it, in a process below this one.
  if (args.standIns) process.env[STAND_INS_VARIABLE] = "true";
  if (args.forget !== undefined) process.env[FORGET_VARIABLE] = args.forget.join(",");
  if (args.help) {
    process.stdout.write(`${helpFor(args.command)}\n`);
    return;
  }
  const output = isForOthers(args) ? process.stderr : process.stdout;
  const progress = new Progress({ write: (text) => output.write(text) });
  await runs[args.command]()(args, progress);
}

function explain(error: unknown): number {
  if (error instanceof Exit) {
    return error.status;
  }
  if (interruption.signal.aborted) {
    return 130;
  }
  process.stderr.write(
    `${process.env.SWARMYARD_DEBUG ? (error as Error).stack : messageOf(error)}\n`,
  );
  return 1;
}

async function leave(status: number | string): Promise<void> {
  await flushed();
  process.exit(status);
}

main().then(
  () => leave(process.exitCode ?? 0),
  (error: unknown) => leave(explain(error)),
);
