import type { NodeDescription } from "../../../model/placement/constraints";
import type { ServicePlan } from "../../../model/platform/plan";
import type { Problem } from "../../../model/problem";
import { platformProblem } from "../../platforms/platforms";
import type { Check } from "../flight";
import { describeNodes } from "../known-nodes";
import { limits, nodesFor, roomFor } from "../placement";

/**
 * Services whose new tasks must start before the old ones stop, although their nodes have no
 * room for one more: the update would hang forever, or leave a task that is never placed.
 */
export const checkExchange: Check = ({ environment, drafts, known }) => {
  if (!known.counts || environment.hosts.length === 0) return [];
  const nodes = describeNodes(environment);
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]): readonly Problem[] => {
      const fitting = nodesFor(spec, nodes);
      const taken = spec.mode === "global" ? onEachNode(spec, fitting) : ofAll(spec, fitting);
      if (taken === undefined) return [];
      return startFirst(spec).map((policy) =>
        platformProblem(draft, ["services", service, policy, "order"], {
          found: `start-first for service ${service}, whose ${taken} (${limits(spec)})`,
          allowed: "stop-first, or a place for one more task",
          fix: `\`${policy}: { order: stop-first }\``,
        }),
      );
    }),
  );
};

/** Replicas that take all places. The placement check reports more replicas than places. */
function ofAll(spec: ServicePlan, nodes: readonly NodeDescription[]): string | undefined {
  const { replicas = 1, mode = "replicated" } = spec;
  const room = roomFor(spec, nodes);
  if (mode !== "replicated" || replicas !== room) return undefined;
  return `${replicas} of ${room} places are taken`;
}

/** A task of a global service is exchanged on its own node, which must have a second place. */
function onEachNode(spec: ServicePlan, nodes: readonly NodeDescription[]): string | undefined {
  const full = nodes.find((node) => roomFor(spec, [node]) === 1);
  return full === undefined ? undefined : `one place on ${full.hostname} is taken`;
}

function startFirst(spec: ServicePlan): readonly ("update" | "rollback")[] {
  return (["update", "rollback"] as const).filter((one) => spec[one]?.order === "start-first");
}
