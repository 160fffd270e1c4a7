import type { ServicePlan } from "../../model/platform/plan";
import type { Problem } from "../../model/problem";
import { platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";
import { describeNodes, limits, nodesFor, roomFor } from "./placement";

/**
 * Services whose new tasks shall start before the old ones stop, but whose nodes have no place for
 * one more: the exchange would wait for ever, or leave a task behind that is never placed.
 */
export const checkExchange: Check = ({ environment, drafts, known }) => {
  if (!known.counts || environment.hosts.length === 0) return [];
  const nodes = describeNodes(environment);
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]): readonly Problem[] => {
      const room = roomFor(spec, nodesFor(spec, nodes));
      const { replicas = 1, mode = "replicated" } = spec;
      // More replicas than places are placement's to report.
      if (mode !== "replicated" || replicas !== room) return [];
      return startFirst(spec).map((policy) =>
        platformProblem(draft, ["services", service, policy, "order"], {
          found: `start-first for service ${service}, whose ${replicas} of ${room} places are taken (${limits(spec)})`,
          allowed: "stop-first, or a place for one task more",
          fix: `\`${policy}: { order: stop-first }\``,
        }),
      );
    }),
  );
};

function startFirst(spec: ServicePlan): readonly ("update" | "rollback")[] {
  return (["update", "rollback"] as const).filter((one) => spec[one]?.order === "start-first");
}
