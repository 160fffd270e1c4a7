import type { ServicePlan } from "../../../../model/platform/plan";
import type { Finding } from "../../../../model/problem";
import type { Flight } from "../../flight";
import { publications } from "../../ports";

/** Settings below net. that the kernel has for a whole node: a container cannot change them. */
const OF_NODE =
  /^net[./](core[./](rmem_max|wmem_max|rmem_default|wmem_default|netdev_max_backlog|netdev_budget|netdev_budget_usecs|dev_weight|default_qdisc|busy_poll|busy_read|message_burst|message_cost|rps_sock_flow_entries)|ipv4[./](tcp_mem|udp_mem))$/;

/** What each node has for itself, and another one has not. */
export function nodeTraps(spec: ServicePlan, flight: Flight): readonly Finding[] {
  return [...sysctls(spec), ...ownRegistry(spec, flight)];
}

function sysctls({ sysctls = {} }: ServicePlan): readonly Finding[] {
  return Object.keys(sysctls).flatMap((name) => {
    if (!OF_NODE.test(name)) return [];
    const found = "a setting that kernels have for the whole node: tasks do not start with it";
    const fix = "remove it, and set it on the nodes (sysctl.d)";
    return [{ keys: ["sysctls", name], found, allowed: "settings of the container's own", fix }];
  });
}

/** An image that each node would ask itself for. */
function ownRegistry({ image }: ServicePlan, flight: Flight): readonly Finding[] {
  const { environment, drafts } = flight;
  if (image.kind !== "reference" || environment.registry.kind === "swarm") return [];
  const [, host = "", port = "80"] =
    /^(localhost|127\.[\d.]+)(?::(\d+))?\//.exec(image.reference) ?? [];
  if (host === "" || environment.hosts.length < 2) return [];
  if (publications(drafts).some(({ published }) => published === Number(port))) return [];
  const found = `${image.reference}: each node asks itself for it, and no service publishes port ${port}`;
  const allowed = "a registry that every node reaches by this name";
  const fix =
    "`images` of the platform, which are pushed to the environment's registry, or another address";
  return [{ keys: ["image"], found, allowed, fix }];
}
