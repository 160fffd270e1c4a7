import { environmentPath } from "../../components/config/file/find";
import { KIND_LABEL, STACK_LABEL } from "../../components/model/ownership";
import { lazily } from "../../components/runtime/lazily";
import { messageOf } from "./failure";
import { root } from "./folders";
import { must } from "./processes";
import type { Progress } from "./progress";

const TIMES = { timeoutMs: 120_000 };

/** A container as `docker ps` lists it. */
export interface SleepingContainer {
  readonly id: string;
  readonly state: string;
  readonly name: string;
  /** What it is: `node`, `registry`, `entry`. */
  readonly kind: string;
}

/** Commands of the docker CLI that make containers run again, in order. Pure. */
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

/** Containers to start: all except hosts that are no longer declared and are about to be removed. Pure. */
export function toWake(
  containers: readonly SleepingContainer[],
  hosts: readonly string[],
): readonly SleepingContainer[] {
  return containers.filter(({ kind, name }) => kind !== "node" || hosts.includes(name));
}

/**
 * Starts everything of an environment on this machine that is stopped or paused. What cannot be started
 * is reported; the rest starts anyway.
 *
 * It comes before Pulumi looks: without a refresh Pulumi takes a stopped container for a running one,
 * and with one it would replace it, because its ports are gone.
 *
 * @param owner `<project>/<stack>`, the value of the label
 */
export async function wake(owner: string, stack: string, progress: Progress): Promise<void> {
  const attempt = async (trouble: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      progress.line(`${trouble}: ${messageOf(error)}`);
    }
  };
  await attempt(`It is not known which hosts of ${stack} are stopped`, async () => {
    const sleeping = await listSleeping(owner);
    const containers = sleeping.length === 0 ? [] : toWake(sleeping, await declaredHosts(stack));
    for (const command of wakeCommands(containers)) {
      await attempt(`Not everything of ${stack} runs again`, async () => {
        await must("Starting containers", "docker", command, TIMES);
        progress.line(`docker ${command[0]}: ${command.length - 1} containers started.`);
      });
    }
    await Promise.all(
      containers.map(({ id, name }) =>
        attempt(`The Docker engine of ${name} does not answer`, () => awaitEngine(id)),
      ),
    );
  });
}

/** Names of the containers of all local hosts in the environment file; none when it is wrong, as `up` will say. */
async function declaredHosts(stack: string): Promise<readonly string[]> {
  const [{ readEnvironmentFile }, { localName }] = await Promise.all([
    lazily(
      () => import("../../components/config/file/environment-file.js"),
      () => require("../../components/config/file/environment-file"),
    ),
    lazily(
      () => import("../../components/local-engine/labels.js"),
      () => require("../../components/local-engine/labels"),
    ),
  ]);
  const { environment } = readEnvironmentFile(environmentPath(root, stack));
  return (environment?.hosts ?? [])
    .filter(({ kind }) => kind === "local")
    .map(({ name }) => localName(stack, name));
}

/** Containers of an environment that are stopped or paused. */
export async function listSleeping(owner: string): Promise<readonly SleepingContainer[]> {
  const states = ["exited", "created", "paused"];
  const format = `{{.ID}} {{.State}} {{.Names}} {{.Label "${KIND_LABEL}"}}`;
  const listed = await must("Listing containers", "docker", [
    ...["ps", "--all", "--no-trunc", "--format", format],
    ...["--filter", `label=${STACK_LABEL}=${owner}`],
    ...states.flatMap((state) => ["--filter", `status=${state}`]),
  ]);
  const lines = listed.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [id = "", state = "", name = "", kind = ""] = line.split(" ");
    return { id, state, name, kind };
  });
}

/** Waits until a host's Docker engine answers; returns at once for containers without one. */
async function awaitEngine(id: string): Promise<void> {
  const wait =
    "command -v dockerd >/dev/null || exit 0; for i in $(seq 200); do docker info >/dev/null 2>&1 && exit 0; sleep 0.2; done; exit 1";
  await must("Waiting for a Docker engine", "docker", ["exec", id, "sh", "-c", wait], TIMES);
}
