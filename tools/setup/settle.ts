import { setTimeout as sleep } from "node:timers/promises";
import { capture } from "./processes";
import type { Exported } from "./stack";

/** An object on this machine that a killed run was deleting. */
export interface HalfDeleted {
  readonly kind: "container" | "network" | "volume";
  readonly id: string;
}

const KINDS: { readonly [type: string]: HalfDeleted["kind"] } = {
  "docker:index/container:Container": "container",
  "docker:index/network:Network": "network",
  "docker:index/volume:Volume": "volume",
};

/** How long a request may take that was on its way to the Docker engine when its run was killed. */
const REQUEST_MS = 1_500;
/** As long as a node's container has to stop, and a little more. */
const STOP_MS = 45_000;
const REMOVAL_MS = 20_000;

/** What a killed run was deleting on this machine, as its state says. Pure. */
export function halfDeleted({ deployment }: Exported): readonly HalfDeleted[] {
  return (deployment?.pending_operations ?? []).flatMap(({ type, resource }) => {
    const kind = KINDS[resource?.type ?? ""];
    const id = resource?.id;
    return type === "deleting" && kind !== undefined && id !== undefined ? [{ kind, id }] : [];
  });
}

/**
 * Lets everything be over that a killed run asked this machine's Docker engine for, which finishes what
 * it was asked even when nobody waits for it any more: a container that started to stop would stop
 * after the next run had counted on it.
 *
 * @returns ids of those that no longer exist
 */
export async function settle(objects: readonly HalfDeleted[]): Promise<ReadonlySet<string>> {
  await sleep(REQUEST_MS);
  const gone = await Promise.all(objects.map(async (one) => ((await isGone(one)) ? [one.id] : [])));
  return new Set(gone.flat());
}

async function isGone({ kind, id }: HalfDeleted): Promise<boolean> {
  if (kind !== "container") return (await statusOf(kind, id)) === undefined;
  // It ends when the container has stopped, whoever asked first.
  await capture("docker", ["stop", id], { timeoutMs: STOP_MS });
  for (const end = Date.now() + REMOVAL_MS; Date.now() < end; await sleep(200)) {
    const status = await statusOf(kind, id);
    if (status === undefined) return true;
    if (status !== "removing") return false;
  }
  return false;
}

/** State of a container, something for others; undefined when there is no such object. */
async function statusOf(kind: HalfDeleted["kind"], id: string): Promise<string | undefined> {
  const format = kind === "container" ? "{{.State.Status}}" : "{{.Name}}";
  const args = [kind, "inspect", "--format", format, id];
  const { status, stdout, stderr } = await capture("docker", args, { timeoutMs: 10_000 });
  return status !== 0 && /no such|not found/i.test(stderr) ? undefined : stdout.trim();
}
