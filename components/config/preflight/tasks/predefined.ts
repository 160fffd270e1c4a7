import { valueAt } from "../../../model/merge";
import type { Keys, Problem } from "../../../model/problem";
import { isPredefined } from "../../platforms/plan-services";
import { type Draft, platformProblem } from "../../platforms/platforms";
import type { Check } from "../flight";

/** Services on the networks that every Docker engine has, with what those cannot do. */
export const checkPredefined: Check = ({ drafts }) =>
  drafts.flatMap((draft) => [...ownNetworks(draft), ...onPredefined(draft), ...onSwarmsOwn(draft)]);

/** What each node, or the swarm itself, has for itself: no service can join it. */
const OF_SWARM = ["ingress", "docker_gwbridge"];

function onSwarmsOwn(draft: Draft): readonly Problem[] {
  return Object.entries(draft.plan.networks).flatMap(([key, { name }]) => {
    if (!OF_SWARM.includes(name)) return [];
    const found = `"${name}", which swarm has for itself and no service can join`;
    const about = { found, allowed: "another network", fix: "remove it, or another name" };
    return [platformProblem(draft, ["networks", key], about)];
  });
}

function ownNetworks(draft: Draft): readonly Problem[] {
  return Object.entries(draft.plan.networks).flatMap(([key, { kind, name }]) => {
    if (kind === "external" || !isPredefined(name)) return [];
    const found = `"${name}", which every Docker engine has already`;
    const fix = "`external: true` beside it, or another name";
    const about = { found, allowed: "another name", fix };
    return [platformProblem(draft, ["networks", key, "name"], about)];
  });
}

function onPredefined(draft: Draft): readonly Problem[] {
  return Object.entries(draft.plan.services).flatMap(([service, spec]) => {
    const joined = Object.entries(spec.networks);
    return joined.flatMap(([key, { name }]): Problem[] => {
      if (!isPredefined(name)) return [];
      const problems: Problem[] = [];
      const refuse = (keys: Keys, found: string, allowed: string, fix: string) =>
        problems.push(
          platformProblem(draft, ["services", service, ...keys], { found, allowed, fix }),
        );
      if ((spec.ports ?? []).length > 0) {
        const allowed =
          name === "host" ? "no ports: those of the program are the node's" : "no ports";
        refuse(
          ["ports"],
          `published ports of a service on the network ${name}`,
          allowed,
          "remove `ports`",
        );
      }
      if (valueAt(draft.spec, ["services", service, "networks", key, "aliases"]) !== undefined) {
        const found = `aliases on the network ${name}, which has no names`;
        refuse(["networks", key, "aliases"], found, "no aliases", "remove `aliases`");
      }
      if (name !== "bridge" && joined.length > 1) {
        const found = `the network ${name} beside ${joined.length - 1} more`;
        refuse(["networks", key], found, `${name} alone, or others`, "remove one of them");
      }
      const ofNetwork = Object.keys(spec.sysctls ?? {}).find((one) => /^net[./]/.test(one));
      if (name === "host" && ofNetwork !== undefined) {
        const found = `${ofNetwork} on the network host, where it would be the node's`;
        refuse(
          ["sysctls", ofNetwork],
          found,
          "no net.… with the network host",
          "set it on the nodes",
        );
      }
      return problems;
    });
  });
}
