import { createHash } from "node:crypto";
import { checkerOf } from "../../model/fields/check";
import { type CreationsInputs, creationsFields } from "../../model/kinds/creations";
import { isOfStack, type Labels } from "../../model/ownership";
import { changesBetween } from "../../model/paths";
import { formatDuration } from "../../model/quantities";
import type { LiveService } from "../../model/service/wire";
import type { KindContext } from "../context";
import type { Kind } from "../kind";
import { removeService } from "./remove";

/**
 * Stands for services that programs of a platform create while they run. It makes nothing; deleting it
 * removes them, before the networks that they use.
 */
export const creationsKind: Kind<CreationsInputs, KindContext> = {
  token: "swarm:index:Creations",
  secrets: [],
  // They are on networks that are being recreated, which they would hold.
  deleteBeforeReplace: () => true,
  check: checkerOf(creationsFields),
  diff: (old, news) => changesBetween(old.inputs, news, "", () => false),
  plan: (news) => ({ ...news }),
  async create(inputs, { urn }) {
    return { id: createHash("sha256").update(urn).digest("hex").slice(0, 16), state: inputs };
  },
  async read(id, old) {
    if (old === undefined) throw new Error("Creations cannot be imported; let Pulumi create them");
    return { id, inputs: { ...old.inputs }, state: old.state };
  },
  async update(old, news) {
    return { id: old.id, state: news };
  },
  async delete(old, context) {
    const services = await (await context.manager()).services.list();
    const created = createdIn(services, old.inputs.labels, context.urn);
    if (created.length === 0) return;
    const names = created.map(({ Spec, ID }) => Spec.Name ?? ID);
    context.log(`removing what programs created: ${names.join(", ")}`);
    await Promise.all(created.map((service) => remove(service, context)));
  },
};

/**
 * The services that carry one of the container labels and that no stack declares. An empty beginning, which would
 * take whatever has the label, takes nothing. Pure.
 */
export function createdIn(
  services: readonly LiveService[],
  labels: Labels,
  urn: string,
): readonly LiveService[] {
  return services.filter(({ Spec }) => {
    const own = Spec.TaskTemplate?.ContainerSpec?.Labels ?? {};
    const fits = Object.entries(labels).some(
      ([name, start]) => start !== "" && own[name]?.startsWith(start),
    );
    return fits && !isOfStack(Spec.Labels, urn);
  });
}

async function remove({ ID, Spec }: LiveService, context: KindContext): Promise<void> {
  const { StopGracePeriod, Image = "" } = Spec.TaskTemplate?.ContainerSpec ?? {};
  const grace =
    typeof StopGracePeriod === "number" ? { stopGracePeriod: formatDuration(StopGracePeriod) } : {};
  await removeService(ID, { name: Spec.Name ?? ID, image: Image, ...grace }, context);
}
