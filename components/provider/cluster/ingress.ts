import { cause, isNotFound } from "../../engine/errors";
import type { LiveNetwork } from "../../engine/live";
import { poll } from "../../engine/waiting";
import type { ClusterInputs } from "../../model/kinds/cluster";
import { MTU_OPTION } from "../../model/kinds/network";
import type { KindContext } from "../context";

type Wanted = NonNullable<ClusterInputs["ingress"]>;

const TIMES = { timeoutMs: 60_000, everyMs: 500 };

/**
 * Recreates the network of published ports when it is not as wanted. Docker allows that only while no service
 * publishes a port through it.
 *
 * @throws Error that names the services that do
 */
export async function settleIngress(wanted: Wanted, context: KindContext): Promise<void> {
  const live = await ingressNetwork(context);
  if (live !== undefined && isAsWanted(live, wanted)) return;
  if (live !== undefined) {
    await refuseWhileUsed(live, wanted, context);
    context.log("recreating the network of published ports");
    await remove(live, context);
  }
  await create(live?.Name ?? "ingress", wanted, context);
}

/** The swarm's network of published ports; undefined when it was removed. */
export async function ingressNetwork(context: KindContext): Promise<LiveNetwork | undefined> {
  const docker = await context.manager();
  return (await docker.networks.list()).find(({ Ingress }) => Ingress === true);
}

/** What the network is, as far as the inputs name it. */
export function liveIngress(live: LiveNetwork | undefined, stated: Wanted): Wanted {
  const mtu = live?.Options?.[MTU_OPTION];
  const subnet = live?.IPAM?.Config?.[0]?.Subnet;
  return {
    ...(stated.subnet === undefined || subnet === undefined ? {} : { subnet }),
    ...(stated.mtu === undefined || mtu === undefined ? {} : { mtu: Number(mtu) }),
  };
}

function isAsWanted(live: LiveNetwork, wanted: Wanted): boolean {
  const { subnet, mtu } = liveIngress(live, wanted);
  return subnet === wanted.subnet && mtu === wanted.mtu;
}

async function refuseWhileUsed(
  live: LiveNetwork,
  wanted: Wanted,
  context: KindContext,
): Promise<void> {
  const services = await (await context.manager()).services.list();
  const users = services.filter(({ Spec }) =>
    (Spec.EndpointSpec?.Ports ?? []).some(
      ({ PublishMode = "ingress" }) => PublishMode === "ingress",
    ),
  );
  if (users.length === 0) return;
  const names = users.map(({ Spec }) => Spec.Name).sort();
  const { subnet } = liveIngress(live, { subnet: "" });
  const { mtu } = liveIngress(live, { mtu: 0 });
  const now = [`subnet ${subnet}`, ...(mtu === undefined ? [] : [`mtu ${mtu}`])].join(", ");
  const then = Object.entries(wanted).map(([key, value]) => `${key} ${value}`);
  throw new Error(
    `the network of published ports (${now}) cannot get ${then.join(", ")} while services publish ports through it: ` +
      `${names.join(", ")}. Take their ports out or set \`mode: host\`, run up, then set swarmyard:swarm.ingress again; ` +
      "or leave swarmyard:swarm.ingress as it was",
  );
}

async function remove({ Id, Name }: LiveNetwork, context: KindContext): Promise<void> {
  const docker = await context.manager();
  let refusal = "";
  const gone = await poll(context, TIMES, async () => {
    try {
      await docker.networks.remove(Id);
    } catch (error) {
      refusal = cause(error);
      if (!isNotFound(error)) return undefined;
    }
    return (await ingressNetwork(context)) === undefined ? true : undefined;
  });
  if (gone === undefined) throw new Error(`the network ${Name} could not be removed: ${refusal}`);
}

async function create(name: string, { subnet, mtu }: Wanted, context: KindContext): Promise<void> {
  const docker = await context.manager();
  let refusal = "";
  // A network that was just removed is in the swarm's store for a moment more.
  const made = await poll(context, TIMES, async () => {
    try {
      await docker.networks.create({
        Name: name,
        CheckDuplicate: true,
        Driver: "overlay",
        Attachable: false,
        Internal: false,
        Ingress: true,
        Options: mtu === undefined ? {} : { [MTU_OPTION]: String(mtu) },
        Labels: {},
        ...(subnet === undefined
          ? {}
          : { IPAM: { Driver: "default", Config: [{ Subnet: subnet }] } }),
      });
      return true;
    } catch (error) {
      refusal = cause(error);
      return /exist|in use|being removed/i.test(refusal) ? undefined : raise(error);
    }
  });
  if (made === undefined) throw new Error(`the network ${name} could not be created: ${refusal}`);
}

function raise(error: unknown): never {
  throw error;
}
