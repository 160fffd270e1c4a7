import type { LiveContent } from "../../engine/live";
import { isOfStack, URN_LABEL } from "../../model/ownership";
import type { LiveService } from "../../model/service/wire";
import type { KindContext } from "../context";

/**
 * Secrets that gave way to another one of the same resource, which these services use, and that nobody uses any
 * more. What is newer than the one in use stays: a service may be about to take it. Pure.
 *
 * @param running services that run as declared
 * @param all every service of the swarm
 */
export function forgotten(
  secrets: readonly LiveContent[],
  running: readonly LiveService[],
  all: readonly LiveService[],
  urn: string,
): readonly LiveContent[] {
  const own = secrets.filter(({ Spec }) => isOfStack(Spec.Labels, urn));
  const [current, used] = [usedBy(running), usedBy(all)];
  return own.filter((one) => {
    if (used.has(one.ID)) return false;
    const resource = one.Spec.Labels?.[URN_LABEL];
    return own.some(
      ({ ID, Spec, Version }) =>
        current.has(ID) &&
        Spec.Labels?.[URN_LABEL] === resource &&
        Version.Index > one.Version.Index,
    );
  });
}

/**
 * Removes what {@link forgotten} names: a run that was killed, or whose rollout failed, after it rotated a
 * secret left the one before on the swarm, and no state knows it.
 */
export async function removeForgotten(
  running: readonly LiveService[],
  context: KindContext,
): Promise<void> {
  const docker = await context.manager();
  const [secrets, services] = await Promise.all([docker.secrets.list(), docker.services.list()]);
  for (const { ID, Spec } of forgotten(secrets, running, services, context.urn)) {
    await context.leftovers.remove(ID, async () => {
      await docker.secrets.remove(ID);
      context.log(`removed the secret ${Spec.Name}, which an earlier run left`);
    });
  }
}

function usedBy(services: readonly LiveService[]): ReadonlySet<string> {
  return new Set(
    services.flatMap(({ Spec }) =>
      (Spec.TaskTemplate?.ContainerSpec?.Secrets ?? []).flatMap(({ SecretID }) => SecretID ?? []),
    ),
  );
}
