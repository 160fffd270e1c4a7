import { execFileSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { KIND_LABEL } from "../../local-engine/labels";
import { STACK_LABEL } from "../../model/ownership";

/** A container as `docker ps` lists it. */
export interface SleepingContainer {
  readonly id: string;
  readonly state: string;
  readonly name: string;
  /** What it is: `node`, `registry`, `entry`. */
  readonly kind: string;
}

/** Commands of the docker CLI that make containers run again, in order. */
export function wakeCommands(containers: readonly SleepingContainer[]): readonly string[][] {
  const paused = containers.filter((c) => c.state === "paused").map((c) => c.id);
  const stopped = containers
    .filter((c) => c.state === "exited" || c.state === "created")
    .map((c) => c.id);
  return [
    ...(paused.length === 0 ? [] : [["unpause", ...paused]]),
    ...(stopped.length === 0 ? [] : [["start", ...stopped]]),
  ];
}

/** Containers to wake: all but hosts that are not declared any more, which are about to be removed. */
export function toWake(
  containers: readonly SleepingContainer[],
  hosts: readonly string[],
): readonly SleepingContainer[] {
  return containers.filter(({ kind, name }) => kind !== "node" || hosts.includes(name));
}

/**
 * Starts what is stopped or paused of a stack on this machine's engine. What cannot be started is
 * told in a warning and keeps nothing else from it.
 *
 * A program that brings an environment up has to do this before the engine of Pulumi looks:
 * without a refresh it takes a stopped container for a running one, and with one it would
 * replace it because its ports are gone.
 *
 * @param stack `<project>/<stack>`, the value of the label.
 * @param hosts Names of the containers of all declared hosts; other hosts are left as they are.
 */
export function wakeStack(stack: string, hosts: readonly string[]): void {
  const warn = (what: string, error: unknown) => {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    pulumi.log.warn(`${what}: ${reason}`);
  };
  try {
    const containers = toWake(listSleeping(stack), hosts);
    for (const command of wakeCommands(containers)) {
      try {
        run(command);
        pulumi.log.info(`docker ${command[0]}: ${command.length - 1} containers run again.`);
      } catch (error) {
        warn(`Not all of ${stack} runs again`, error);
      }
    }
    for (const { id, name } of containers) {
      try {
        awaitEngine(id);
      } catch (error) {
        warn(`The engine of ${name} does not answer`, error);
      }
    }
  } catch (error) {
    warn(`Stopped hosts of ${stack} were not looked for`, error);
  }
}

function listSleeping(stack: string): readonly SleepingContainer[] {
  const states = ["exited", "created", "paused"];
  const format = `{{.ID}} {{.State}} {{.Names}} {{.Label "${KIND_LABEL}"}}`;
  const listed = run([
    ...["ps", "--all", "--no-trunc", "--format", format],
    ...["--filter", `label=${STACK_LABEL}=${stack}`],
    ...states.flatMap((state) => ["--filter", `status=${state}`]),
  ]);
  const lines = listed.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [id = "", state = "", name = "", kind = ""] = line.split(" ");
    return { id, state, name, kind };
  });
}

/** Waits until the engine in a host answers; at once for containers without one. */
function awaitEngine(id: string): void {
  const wait =
    "command -v dockerd >/dev/null || exit 0; for i in $(seq 200); do docker info >/dev/null 2>&1 && exit 0; sleep 0.2; done; exit 1";
  run(["exec", id, "sh", "-c", wait]);
}

function run(args: readonly string[]): string {
  return execFileSync("docker", [...args], {
    encoding: "utf8",
    timeout: 120_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
