import type { Problem } from "../../../model/problem";
import { platformProblem } from "../../platforms/platforms";
import type { Check, Flight } from "../flight";
import { describeNodes } from "../known-nodes";
import { nodesFor } from "../placement";

/** Limits of cores that no node of a service has: its Docker engine refuses each task. */
export const checkCores: Check = (flight) => limits(flight, (few, all) => few === all);

/** Limits of cores that only some nodes of a service have: tasks fail on the others. */
export const warnCores: Check = (flight) => limits(flight, (few, all) => few < all);

function limits(
  { drafts, environment, known, world }: Flight,
  counts: (few: number, all: number) => boolean,
): readonly Problem[] {
  if (!known.labels) return [];
  const nodes = describeNodes(environment, world.machine);
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]): readonly Problem[] => {
      const limit = spec.resources?.limits?.cpus ?? 0;
      const fitting = nodesFor(spec, nodes);
      const small = fitting.flatMap(({ hostname, resources }) =>
        resources?.cpus !== undefined && resources.cpus < limit
          ? [{ hostname, cpus: resources.cpus }]
          : [],
      );
      const [first] = small;
      if (first === undefined || !counts(small.length, fitting.length)) return [];
      const most = Math.max(...small.map(({ cpus }) => cpus));
      const more = small.length > 1 ? ` and ${small.length - 1} more nodes have` : " has";
      const found = `${limit} cores for service ${service}, while ${first.hostname}${more} at most ${most}: Docker engines refuse such a limit`;
      const allowed = `up to ${most}, or nodes that have more`;
      const keys = ["services", service, "resources", "limits", "cpus"];
      return [platformProblem(draft, keys, { found, allowed, fix: `\`cpus: ${most}\`` })];
    }),
  );
}
