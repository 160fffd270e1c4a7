import { platformProblem } from "../../../platforms/platforms";
import type { Check } from "../../flight";
import { describeNodes } from "../../known-nodes";
import { nodesFor } from "../../placement";
import { dataTraps } from "./data";
import { fileTraps } from "./files";
import { lookupTraps } from "./lookups";
import { restartTraps } from "./restarts";

/** What starts and works, until an update, a failure or another node shows that it does not. */
export const warnTraps: Check = ({ drafts, environment, known, world }) => {
  const nodes = known.labels ? describeNodes(environment, world.machine) : [];
  return drafts.flatMap((draft) => {
    const keys = Object.keys(draft.plan.services);
    return Object.entries(draft.plan.services).flatMap(([service, spec]) =>
      [
        ...dataTraps(spec, draft.plan, nodesFor(spec, nodes).length),
        ...fileTraps(spec),
        ...lookupTraps(spec, keys),
        ...restartTraps(spec),
      ].map(({ keys: place, ...about }) =>
        platformProblem(draft, ["services", service, ...place], about),
      ),
    );
  });
};
