import { checkAws, warnAws } from "./preflight/aws";
import { checkExchange } from "./preflight/exchange";
import type { Flight } from "./preflight/flight";
import { checkHosts, warnQuorum } from "./preflight/hosts";
import { checkNames } from "./preflight/names";
import { checkNetworks } from "./preflight/networks";
import { checkOrder } from "./preflight/order";
import { checkPlacement } from "./preflight/placement";
import { checkPorts, warnIpvs } from "./preflight/ports";
import { checkReferences } from "./preflight/references";
import { checkRegistries } from "./preflight/registries";
import { checkServices } from "./preflight/services";
import { checkShare } from "./preflight/share";
import { checkSources } from "./preflight/sources";
import { checkTimeToLive } from "./preflight/time-to-live";
import type { Problem } from "./problem";

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
