import { ENGINE_POOLS, enginePool } from "../../model/addresses/engine-pool";
import { overlap, rangeOf } from "../../model/addresses/subnets";
import { valueAt } from "../../model/merge";
import type { NodeDescription } from "../../model/placement/constraints";
import type { ServicePlan } from "../../model/platform/plan";
import { fileProblem, type Problem } from "../../model/problem";
import { defaults } from "../environment/defaults";
import { swarmNetworks } from "../environment/swarm";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check, Flight } from "./flight";
import { describeNodes } from "./known-nodes";
import { nodesFor } from "./placement";

/** Networks with too few addresses, pools that hold none, and addresses that Docker engines use themselves. */
export const checkAddresses: Check = (flight) => [
  ...smallPools(flight),
  ...smallNetworks(flight),
  ...engineAddresses(flight),
];

function smallPools({ environment }: Flight): readonly Problem[] {
  const { addressPools, addressPoolMask: mask = defaults.addressPoolMask } = environment.swarm;
  return addressPools.flatMap((pool, index) => {
    const bits = rangeOf(pool)?.bits ?? 0;
    if (bits <= mask) return [];
    const found = `${pool}, which is smaller than one network`;
    const allowed = `a pool of at least /${mask}: swarm takes a /${mask} for each network`;
    const fix = `\`${pool.replace(/\/.*/, "")}/${mask}\``;
    return [fileProblem(["swarm", "addressPools", index], { found, allowed, fix })];
  });
}

/** A network of the swarm and the services on it. */
interface Joined {
  readonly draft: Draft;
  readonly key: string;
  readonly subnet: string;
  readonly services: readonly ServicePlan[];
}

function joined(drafts: readonly Draft[]): readonly Joined[] {
  const all = drafts.flatMap(({ plan }) => Object.values(plan.services));
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.networks).flatMap(([key, network]) => {
      const isOverlay = network.kind === "external" || (network.driver ?? "overlay") === "overlay";
      if (network.subnet === undefined || !isOverlay) return [];
      const services = all.filter(({ networks }) =>
        Object.values(networks).some(({ name }) => name === network.name),
      );
      return [{ draft, key, subnet: network.subnet, services }];
    }),
  );
}

function smallNetworks({ environment, drafts, known }: Flight): readonly Problem[] {
  if (!known.counts || environment.hosts.length === 0) return [];
  const nodes = describeNodes(environment);
  return joined(drafts).flatMap(({ draft, key, subnet, services }): Problem[] => {
    const tasks = services.reduce((sum, service) => sum + tasksOf(service, nodes), 0);
    const used = new Set(services.flatMap((service) => nodesFor(service, nodes)));
    const balancers = Math.min(used.size, tasks);
    const virtual = services.filter(({ endpointMode }) => endpointMode === "vip").length;
    const needed = tasks + balancers + virtual + 1;
    const free = 2 ** (32 - (rangeOf(subnet)?.bits ?? 0)) - 2;
    if (services.length === 0 || needed <= free) return [];
    const found = `${subnet}, which has ${free} addresses, while ${needed} are needed: ${tasks} for tasks, ${balancers} for nodes, ${virtual} for virtual addresses, 1 for the gateway`;
    const bits = 32 - Math.ceil(Math.log2(needed + 2));
    const stated = valueAt(draft.spec, ["networks", key, "subnet"]) !== undefined;
    const keys = ["networks", key, ...(stated ? ["subnet"] : [])];
    const allowed = `a subnet of at least /${bits}`;
    const fix = "a larger `subnet`, or fewer replicas";
    return [platformProblem(draft, keys, { found, allowed, fix })];
  });
}

/** Tasks of a service that run at the same time. */
export function tasksOf(service: ServicePlan, nodes: readonly NodeDescription[]): number {
  const { mode = "replicated", replicas = 1, maxConcurrent = replicas } = service;
  if (mode === "replicated-job") return maxConcurrent;
  return mode === "replicated" ? replicas : nodesFor(service, nodes).length;
}

function engineAddresses({ environment, drafts }: Flight): readonly Problem[] {
  const { local, aws, swarm } = environment;
  const pools = swarmNetworks(swarm);
  const machines = [
    ...(local === undefined ? [] : [[local.subnet]]),
    ...(aws === undefined ? [] : [aws.vpc.kind === "new" ? [aws.vpc.cidr] : []]),
  ];
  return machines.flatMap((networks): readonly Problem[] => {
    const own = enginePool([...networks, ...pools]);
    if (own !== undefined) return onEngines(drafts, own);
    const found = `pools and networks of hosts that take all of ${ENGINE_POOLS.join(", ")}`;
    const allowed = "one of them free, for the Docker engines of the hosts";
    const fix = "`addressPools: [10.200.0.0/16]`";
    return [fileProblem(["swarm", "addressPools"], { found, allowed, fix })];
  });
}

function onEngines(drafts: readonly Draft[], own: string): readonly Problem[] {
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.networks).flatMap(([key, { subnet }]) => {
      if (subnet === undefined || !overlap(subnet, own)) return [];
      const found = `${subnet}, which the Docker engines of the hosts use for their own networks (${own})`;
      const fix = "leave `subnet` out, or another one";
      const about = { found, allowed: `a network outside of ${own}`, fix };
      return [platformProblem(draft, ["networks", key, "subnet"], about)];
    }),
  );
}

/** The network of most Docker engines' default bridge, this machine's too. */
const USUAL_BRIDGE = "172.17.0.0/16";

/** Local hosts on the network where this machine's own engine usually is. */
export const warnBridge: Check = ({ environment: { local } }) => {
  if (local === undefined || !overlap(local.subnet, USUAL_BRIDGE)) return [];
  const found = `${local.subnet}, which meets ${USUAL_BRIDGE}, the default bridge of most Docker engines`;
  const allowed = "a network that this machine does not use";
  return [
    fileProblem(["hosts", "local", "subnet"], { found, allowed, fix: "`subnet: 10.64.0.0/16`" }),
  ];
};
