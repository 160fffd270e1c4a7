import { fileProblem, type Problem } from "../../../model/problem";
import { platformProblem } from "../../platforms/platforms";
import type { Check, Flight } from "../flight";
import { describeNodes } from "../known-nodes";
import { nodesFor } from "../placement";
import { followsEnvironment, publications } from "../ports";

/** True when hosts on this machine have a kernel that is known to have no IP_VS. */
function isWithout({ environment, world }: Flight): boolean {
  return world.ipvs === false && environment.hosts.some((host) => host.kind === "local");
}

/** Ports in mode ingress that no node on this machine could answer. */
export const checkKernel: Check = (flight) => {
  if (!isWithout(flight)) return [];
  const { environment, drafts } = flight;
  const dead = publications(drafts).filter(
    ({ draft, mode, published }) =>
      mode === "ingress" && !(draft.plan.rollout?.quietPorts ?? []).includes(published),
  );
  const allowed = "mode host, because this machine's kernel has no IP_VS, which ingress needs";
  const problems: Problem[] = [];
  const followers = dead.filter(({ draft, service, keys }) =>
    followsEnvironment(draft, service, keys[3] as number),
  );
  if (followers.length > 0) {
    const names = [...new Set(followers.map(({ draft, service }) => `${draft.name}.${service}`))];
    const found = `ingress, for the ports of ${names.join(", ")}`;
    const fix = "`publish: host` and `discovery: dnsrr`";
    problems.push(fileProblem(["swarm", "publish"], { found, allowed, fix }));
  }
  const nodes = describeNodes(environment);
  const own = dead.filter((one) => !followers.includes(one));
  return [
    ...problems,
    ...own.map(({ draft, service, spec, keys, published }) => {
      const found = `ingress for port ${published} of service ${service}`;
      const tasks = spec.mode === undefined ? (spec.replicas ?? 1) : 1;
      const places = nodesFor(spec, nodes).length;
      const fewer =
        tasks > places
          ? `, at most ${places} replicas (one for each node; \`route\` in place of the port allows more)`
          : "";
      const fix = `\`mode: host\` for the port and \`endpointMode: dnsrr\`${fewer}`;
      return platformProblem(draft, [...keys.slice(0, -1), "mode"], { found, allowed, fix });
    }),
  ];
};

/** Virtual addresses on a kernel that does not support them: names of services lead nowhere. */
export const warnKernel: Check = (flight) => {
  const { drafts } = flight;
  if (!isWithout(flight)) return [];
  const services = drafts.flatMap((draft) =>
    Object.entries(draft.plan.services)
      .filter(([, { endpointMode, networks }]) => {
        return endpointMode === "vip" && Object.keys(networks).length > 0;
      })
      .map(([key]) => `${draft.name}.${key}`),
  );
  if (services.length === 0) return [];
  const found = `"vip", with which the names of ${services.join(", ")} lead nowhere`;
  const allowed = "dnsrr, because this machine's kernel has no IP_VS";
  return [fileProblem(["swarm", "discovery"], { found, allowed, fix: "`discovery: dnsrr`" })];
};
