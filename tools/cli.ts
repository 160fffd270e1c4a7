import { spawn } from "node:child_process";
import { type Arguments, type Command, parseArguments } from "./arguments";
import { docker } from "./commands/docker";
import { down } from "./commands/down";
import { env } from "./commands/env";
import { preview } from "./commands/preview";
import { refresh } from "./commands/refresh";
import { test } from "./commands/test";
import { testTrust } from "./commands/test-trust";
import { up } from "./commands/up";
import { Exit, messageOf } from "./setup/failure";
import { root } from "./setup/folders";
import { interruption } from "./setup/interruption";
import { ending } from "./setup/processes";
import { Progress } from "./setup/progress";
import { markers, markOf } from "./setup/runs";

type Run = (args: Arguments, progress: Progress) => Promise<void>;

/** Commands by name. */
const runs: { readonly [command in Command]: Run } = {
  up,
  down,
  preview,
  refresh,
  docker,
  env,
  map,
  test,
  "test:trust": testTrust,
};

/** What others read from standard output must hold nothing else. */
const forOthers: readonly Command[] = ["env", "docker", "map"];

async function map({ stack }: Arguments): Promise<void> {
  const args = ["--import", "tsx", "tools/map.ts", stack];
  const status = await ending(spawn(process.execPath, args, { cwd: root, stdio: "inherit" }));
  if (status !== 0) {
    throw new Exit(status);
  }
}

async function main(): Promise<void> {
  process.env[markers.run] = markOf(process.pid);
  interruption.listen();
  const args = parseArguments(process.argv.slice(2));
  const output = forOthers.includes(args.command) ? process.stderr : process.stdout;
  const progress = new Progress({ write: (text) => output.write(text) });
  await runs[args.command](args, progress);
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

main().then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => process.exit(explain(error)),
);
