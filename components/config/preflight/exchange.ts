import type { ServicePlan } from "../../model/platform/plan";
import type { Problem } from "../../model/problem";
import { platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";
import { describeNodes, limits, nodesFor, roomFor } from "./placement";

/**
 * Services whose new tasks must start before the old ones stop, although their nodes have no
 * room for one more: the update would hang forever, or leave a task that is never placed.
 */
export const checkExchange: Check = ({ environment, drafts, known }) => {
  if (!known.counts || environment.hosts.length === 0) return [];
  const nodes = describeNodes(environment);
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]): readonly Problem[] => {
      const room = roomFor(spec, nodesFor(spec, nodes));
      const { replicas = 1, mode = "replicated" } = spec;
      // The placement check reports more replicas than places.
      if (mode !== "replicated" || replicas !== room) return [];
      return startFirst(spec).map((policy) =>
        platformProblem(draft, ["services", service, policy, "order"], {
          found: `start-first for service ${service}, whose ${replicas} of ${room} places are taken (${limits(spec)})`,
          allowed: "stop-first, or a place for one more task",
          fix: `\`${policy}: { order: stop-first }\``,
        }),
      );
    }),
  );
};

function startFirst(spec: ServicePlan): readonly ("update" | "rollback")[] {
  return (["update", "rollback"] as const).filter((one) => spec[one]?.order === "start-first");
}
