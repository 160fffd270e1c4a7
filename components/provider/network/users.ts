import { within } from "../../engine/deadline";
import type { LiveTask } from "../../engine/live";
import { describeOwner, isOfStack } from "../../model/ownership";
import type { LiveService } from "../../model/service/wire";
import type { KindContext } from "../context";

/** How long a node may take to say how a container is called. */
const NAME_MS = 5_000;

/** Who uses a network. */
export interface Users {
  /** Services of the stack, which may be going too. */
  readonly services: readonly string[];
  /** Containers that joined it outside of any service, with the command that frees the network from each. */
  readonly containers: readonly { readonly text: string; readonly command: string }[];
}

/**
 * Says who still uses a network that is being deleted. It waits for services of the stack, which are being
 * deleted too, and for containers that somebody attached, until they are gone.
 * @param isPatient whether services outside the stack may still go, as imported ones do that nobody declares
 * @throws Error that names services outside the stack
 */
export async function waitForUsers(
  {
    id,
    name,
    isPatient,
  }: { readonly id: string; readonly name: string; readonly isPatient: boolean },
  context: KindContext,
): Promise<Users> {
  const docker = await context.manager();
  const services = await docker.services.list();
  const users = services.filter((service) => attachedTo(service, id, name));
  const foreign = users.filter((service) => !isOfStack(service.Spec.Labels, context.urn));
  if (foreign.length > 0 && !isPatient) {
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
  const containers = own.length === 0 ? await attachedContainers(id, name, context) : [];
  const waited = [...own, ...containers.map(({ text, command }) => `${text} (${command})`)];
  context.log(
    waited.length === 0
      ? "waiting for its tasks to end"
      : `waiting for ${waited.join(", ")} to end`,
  );
  return { services: own, containers };
}

async function attachedContainers(
  id: string,
  network: string,
  context: KindContext,
): Promise<Users["containers"]> {
  const docker = await context.manager();
  const [tasks, nodes] = await Promise.all([
    // Without this filter a Docker engine lists tasks of services only.
    docker.tasks.list({ runtime: ["attachment"], "desired-state": ["running"] }),
    docker.nodes.list(),
  ]);
  const here = tasks.filter((task) => !task.ServiceID && joins(task, id, network));
  return await Promise.all(
    here.map(async ({ ID, NodeID, Spec }) => {
      const node = nodes.find((one) => one.ID === NodeID)?.Description.Hostname ?? NodeID ?? "";
      const container = Spec?.NetworkAttachmentSpec?.ContainerID ?? ID;
      const called = await nameOf(container, node, context);
      return {
        text: `the container ${called} on ${node}, which belongs to no service`,
        command: `docker network disconnect --force ${network} ${called}`,
      };
    }),
  );
}

function joins({ Spec, NetworksAttachments }: LiveTask, id: string, name: string): boolean {
  const wanted = (Spec?.Networks ?? []).some(({ Target }) => Target === id || Target === name);
  return wanted || (NetworksAttachments ?? []).some(({ Network }) => Network?.ID === id);
}

async function nameOf(container: string, node: string, context: KindContext): Promise<string> {
  const short = container.slice(0, 12);
  if (!context.nodes.includes(node)) return short;
  try {
    const engine = await within(context.node(node), NAME_MS, "late");
    const { Name } = await within(engine.containers.inspect(container), NAME_MS, "late");
    return Name?.replace(/^\//, "") || short;
  } catch {
    return short;
  }
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
