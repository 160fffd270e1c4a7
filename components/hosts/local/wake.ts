import { execFileSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { STACK_LABEL } from "../../network/labels";

/** A container as `docker ps` lists it. */
export interface SleepingContainer {
  readonly id: string;
  readonly state: string;
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

/**
 * Starts what is stopped or paused of a stack on this machine's engine.
 *
 * A program that brings an environment up has to do this before the engine of Pulumi looks:
 * without a refresh it takes a stopped container for a running one, and with one it would
 * replace it because its ports are gone.
 *
 * @param stack `<project>/<stack>`, the value of the label.
 */
export function wakeStack(stack: string): void {
  try {
    const filters = ["exited", "created", "paused"].flatMap((state) => [
      "--filter",
      `status=${state}`,
    ]);
    const listed = run([
      ...["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.State}}"],
      ...["--filter", `label=${STACK_LABEL}=${stack}`],
      ...filters,
    ]);
    const containers = listed
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [id = "", state = ""] = line.split(" ");
        return { id, state };
      });
    for (const command of wakeCommands(containers)) {
      run(command);
      pulumi.log.info(`docker ${command[0]}: ${command.length - 1} containers run again.`);
    }
    for (const { id } of containers) awaitEngine(id);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    pulumi.log.warn(`Stopped hosts of ${stack} were not looked for: ${reason}`);
  }
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
