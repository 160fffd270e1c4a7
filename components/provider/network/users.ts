import { describeOwner, isOfStack } from "../../model/ownership";
import type { LiveService } from "../../model/service/wire";
import type { KindContext } from "../context";

/**
 * Says who still uses a network that is being deleted. It waits for services of the stack, which are being deleted too.
 * @returns names of the services of the stack that use it
 * @throws Error that names services outside the stack
 */
export async function waitForUsers(
  id: string,
  name: string,
  context: KindContext,
): Promise<readonly string[]> {
  const services = await (await context.manager()).services.list();
  const users = services.filter((service) => attachedTo(service, id, name));
  const foreign = users.filter((service) => !isOfStack(service.Spec.Labels, context.urn));
  if (foreign.length > 0) {
    const names = foreign.map(
      (service) =>
        `${service.Spec.Name} (${describeOwner(service.Spec.Labels)}${containerLabels(service)})`,
    );
    throw new Error(
      `the network ${name} is used by services outside this stack: ${names.join(", ")}; ` +
        "remove them with docker service rm, or detach them, then run this again. Services that a platform's " +
        "own programs create are removed with it when its `creates` has a container label of theirs",
    );
  }
  const own = users.map((service) => service.Spec.Name ?? "");
  context.log(
    own.length === 0 ? "waiting for its tasks to end" : `waiting for ${own.join(", ")} to end`,
  );
  return own;
}

/** The container labels of a service, by which a platform can declare it. */
function containerLabels({ Spec }: LiveService): string {
  const labels = Object.entries(Spec.TaskTemplate?.ContainerSpec?.Labels ?? {});
  if (labels.length === 0) return "";
  return `; container labels ${labels.map(([name, value]) => `${name}=${value}`).join(", ")}`;
}

function attachedTo({ Spec }: LiveService, id: string, name: string): boolean {
  const attachments = [...(Spec.TaskTemplate?.Networks ?? []), ...(Spec.Networks ?? [])];
  return attachments.some(({ Target }) => Target === id || Target === name);
}
