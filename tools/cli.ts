import { spawn } from "node:child_process";
import { type Arguments, type Command, parseArguments } from "./arguments";
import { Exit, messageOf } from "./setup/failure";
import { root } from "./setup/folders";
import { interruption } from "./setup/interruption";
import { ending } from "./setup/processes";
import { Progress } from "./setup/progress";
import { markers, markOf } from "./setup/runs";

type Run = (args: Arguments, progress: Progress) => Promise<void>;

/** Commands by name, loaded when they are called. */
const runs: { readonly [command in Command]: () => Promise<Run> } = {
  up: async () => (await import("./commands/up")).up,
  down: async () => (await import("./commands/down")).down,
  preview: async () => (await import("./commands/preview")).preview,
  refresh: async () => (await import("./commands/refresh")).refresh,
  docker: async () => (await import("./commands/docker")).docker,
  env: async () => (await import("./commands/env")).env,
  map: async () => map,
  test: async () => (await import("./commands/test")).test,
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
  const run = await runs[args.command]();
  await run(args, progress);
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
