import { rangeOf } from "../../../model/addresses/subnets";
import { fileProblem } from "../../../model/problem";
import { defaults } from "../../environment/defaults";
import { tasksOf } from "../addresses";
import type { Check } from "../flight";
import { describeNodes } from "../known-nodes";

/** The network of published ports with fewer addresses than tasks that publish some: the others would never start. */
export const checkIngress: Check = ({ environment, drafts, known }) => {
  const { swarm, hosts } = environment;
  // A swarm that is taken over has a network that nobody knows here.
  if (!known.counts || hosts.length === 0 || swarm.adopt === true) return [];
  const { addressPoolMask = defaults.addressPoolMask } = swarm;
  const bits = rangeOf(swarm.ingress?.subnet ?? "")?.bits ?? addressPoolMask;
  const nodes = describeNodes(environment);
  const services = drafts.flatMap(({ plan }) =>
    Object.values(plan.services).filter(({ ports = [] }) =>
      ports.some(({ mode }) => mode === "ingress"),
    ),
  );
  const tasks = services.reduce((sum, service) => sum + tasksOf(service, nodes), 0);
  const needed = tasks + services.length + hosts.length + 1;
  const free = 2 ** (32 - bits) - 2;
  if (services.length === 0 || needed <= free) return [];
  const found = `a /${bits} for published ports, which has ${free} addresses, while ${needed} are needed: ${tasks} for tasks with ports in mode ingress, ${services.length} for their services, ${hosts.length} for nodes, 1 for the gateway`;
  const allowed = `a network of at least /${32 - Math.ceil(Math.log2(needed + 2))}`;
  const fix = "`ingress: { subnet: 10.202.0.0/16 }`, or ports in mode host";
  return [fileProblem(["swarm", "ingress", "subnet"], { found, allowed, fix })];
};
