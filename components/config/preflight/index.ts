import type { Problem } from "../../model/problem";
import { checkAws, warnAws } from "./aws";
import { checkExchange } from "./exchange";
import type { Flight } from "./flight";
import { checkHosts, warnQuorum } from "./hosts";
import { checkNames } from "./names";
import { checkNetworks } from "./networks";
import { checkOccupied } from "./occupied";
import { checkOrder } from "./order";
import { checkPlacement } from "./placement";
import { checkPorts, warnIpvs } from "./ports";
import { checkReferences } from "./references";
import { checkRegistries } from "./registries";
import { checkServices } from "./services";
import { checkShare } from "./share";
import { checkSources } from "./sources";
import { checkTimeToLive } from "./time-to-live";

/** What preflight finds. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const checks = [
  checkHosts,
  checkAws,
  checkShare,
  checkTimeToLive,
  checkRegistries,
  checkNetworks,
  checkNames,
  checkServices,
  checkPorts,
  checkOccupied,
  checkReferences,
  checkOrder,
  checkSources,
  checkPlacement,
  checkExchange,
];

/** Checks what no schema can see, everything at once. Pure: files and secrets are asked through `world`. */
export function preflight(flight: Flight): Findings {
  return {
    problems: checks.flatMap((check) => check(flight)),
    warnings: [...warnQuorum(flight), ...warnIpvs(flight), ...warnAws(flight)],
  };
}
