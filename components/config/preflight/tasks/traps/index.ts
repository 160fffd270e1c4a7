import { type Draft, platformProblem } from "../../../platforms/platforms";
import { isTraefik } from "../../../platforms/routes";
import type { Check } from "../../flight";
import { describeNodes } from "../../known-nodes";
import { nodesFor } from "../../placement";
import { dataTraps } from "./data";
import { fileTraps } from "./files";
import { engineOptions, logTraps } from "./logs";
import { lookupTraps } from "./lookups";
import { nodeTraps } from "./nodes";
import { restartTraps } from "./restarts";
import { routingTraps } from "./routing";
import { wordTraps } from "./words";

/** What starts and works, until an update, a failure or another node shows that it does not. */
export const warnTraps: Check = (flight) => {
  const { drafts, environment, known, world } = flight;
  const ofEngines = engineOptions(flight);
  const nodes = known.labels ? describeNodes(environment, world.machine) : [];
  const byContainers = readsContainers(drafts);
  return drafts.flatMap((draft) => {
    const keys = Object.keys(draft.plan.services);
    return Object.entries(draft.plan.services).flatMap(([service, spec]) =>
      [
        ...dataTraps(spec, draft.plan, nodesFor(spec, nodes).length),
        ...fileTraps(spec),
        ...lookupTraps(spec, keys),
        ...logTraps(spec, ofEngines),
        ...nodeTraps(spec, flight),
        ...restartTraps(spec),
        ...(byContainers ? [] : routingTraps(spec)),
        ...wordTraps(spec),
      ].map(({ keys: place, ...about }) =>
        platformProblem(draft, ["services", service, ...place], about),
      ),
    );
  });
};

/** Whether the environment has a Traefik, and none that follows the services of a swarm. */
function readsContainers(drafts: readonly Draft[]): boolean {
  const proxies = drafts.flatMap(({ plan }) => Object.values(plan.services).filter(isTraefik));
  const words = proxies.flatMap(({ command = [] }) => command);
  const ofContainers = words.some((word) => /^--providers\.docker\b/i.test(word));
  return ofContainers && !words.some((word) => /swarm/i.test(word));
}
