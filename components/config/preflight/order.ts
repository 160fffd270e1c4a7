import type { Problem } from "../../model/problem";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";

/** Services that wait for each other. */
export const checkOrder: Check = ({ drafts }) => drafts.flatMap(cycles);

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
    for (const next of plan.services[last]?.dependsOn ?? []) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
