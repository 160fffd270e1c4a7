import { within } from "../../engine/deadline";
import { isOfStack, URN_LABEL } from "../../model/ownership";
import type { LiveService } from "../../model/service/wire";
import { lookAt } from "../../observe/swarm";
import type { KindContext } from "../context";

/** How long a node may take to say whether it has a volume. */
const ASK_MS = 5_000;

/** Names of the volumes that services mount, each once. Pure. */
export function mountedVolumes(services: Iterable<LiveService>): readonly string[] {
  const mounts = [...services].flatMap(
    ({ Spec }) => Spec.TaskTemplate?.ContainerSpec?.Mounts ?? [],
  );
  const named = mounts.flatMap(({ Type, Source }) => (Type === "volume" && Source ? Source : []));
  return [...new Set(named)].sort();
}

/**
 * Names the volumes that stay on nodes when the services of a platform go: Docker makes them with the first
 * task and removes none. Volumes that are resources speak for themselves. Never fails.
 */
export async function warnOfKeptVolumes(
  names: readonly string[],
  context: KindContext,
): Promise<void> {
  try {
    const { services } = await lookAt(names, context);
    const kept = await Promise.all(
      mountedVolumes(services.values()).map(async (volume) => {
        const where = await nodesWith(volume, context);
        return where.length === 0 ? [] : [`${volume} on ${where.join(", ")}`];
      }),
    );
    const lines = kept.flat();
    if (lines.length === 0) return;
    context.warn(
      `volumes stay with their data: ${lines.join("; ")}. To delete them for good, run docker volume rm there. ` +
        "Random secrets do not stay: a platform that comes back gets new ones, and its data may still expect the old",
    );
  } catch (error) {
    if (context.signal.aborted) throw error;
  }
}

async function nodesWith(volume: string, context: KindContext): Promise<readonly string[]> {
  // A template is filled in for each task; no node has a volume of that name.
  if (volume.includes("{{")) return ["the nodes of its tasks"];
  const found = await Promise.all(
    context.nodes.map(async (node) => {
      try {
        const engine = await within(context.node(node), ASK_MS, "late");
        const { Labels } = await within(engine.volumes.inspect(volume), ASK_MS, "late");
        const isResource = isOfStack(Labels, context.urn) && Labels?.[URN_LABEL] !== undefined;
        return isResource ? [] : [node];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}
