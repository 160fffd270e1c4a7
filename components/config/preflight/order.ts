import type { Problem } from "../../model/problem";
import { isJobMode } from "../../model/service/mode";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";

/** Services that wait for each other, and for the end of what does not end. */
export const checkOrder: Check = ({ drafts }) =>
  drafts.flatMap((draft) => [...cycles(draft), ...endless(draft)]);

function endless(draft: Draft): readonly Problem[] {
  const { services } = draft.plan;
  return Object.entries(services).flatMap(([service, { dependsOn }]) =>
    Object.entries(dependsOn).flatMap(([key, condition]) => {
      const other = services[key];
      if (condition !== "completed" || other === undefined || isJobMode(other.mode)) return [];
      const about = {
        found: `completed, and ${key} has mode ${other.mode ?? "replicated"}, whose tasks are not meant to end`,
        allowed: "completed only of a job; started or healthy",
        fix: `\`mode: replicated-job\` for ${key}, or \`${key}: healthy\``,
      };
      return [platformProblem(draft, ["services", service, "dependsOn", key], about)];
    }),
  );
}

function cycles(draft: Draft): readonly Problem[] {
  const reported = new Set<string>();
  return Object.keys(draft.plan.services).flatMap((service) => {
    const cycle = cycleFrom(service, draft);
    if (cycle === undefined) return [];
    const members = [...new Set(cycle)].sort().join(" ");
    if (reported.has(members)) return [];
    reported.add(members);
    const found = `a circle: ${cycle.join(" waits for ")}`;
    const about = {
      found,
      allowed: "an order that has a first service",
      fix: "remove one of them",
    };
    return [platformProblem(draft, ["services", service, "dependsOn"], about)];
  });
}

/** The shortest path from a service back to itself. */
function cycleFrom(start: string, { plan }: Draft): readonly string[] | undefined {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const last = way.at(-1) as string;
    for (const next of Object.keys(plan.services[last]?.dependsOn ?? {})) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
