import type { Problem } from "../../model/problem";
import { checkAddresses, warnBridge } from "./addresses";
import { checkBuilds, warnBuilds } from "./builds";
import type { Flight } from "./flight";
import { checkAws, warnAws } from "./machines/aws";
import { checkDaemon } from "./machines/daemon";
import { checkHosts, warnQuorum } from "./machines/hosts";
import { checkMachines } from "./machines/ssh";
import { checkNames } from "./names";
import { checkNetworks } from "./networks";
import { checkOccupied } from "./occupied";
import { checkOrder } from "./order";
import { checkPlacement } from "./placement";
import { checkPorts, warnSharedPorts } from "./ports";
import { checkReferences, warnStrangers } from "./references";
import { checkRegistries } from "./registries";
import { checkServices } from "./services";
import { checkShare, warnShare } from "./share";
import { checkSizes, warnSizes } from "./sizes";
import { checkSources } from "./sources";
import { checkAdopt } from "./swarm/adopt";
import { warnEncryption } from "./swarm/encryption";
import { checkIngress } from "./swarm/ingress";
import { checkMesh } from "./swarm/mesh";
import { warnOverlays } from "./swarm/overlay";
import { checkSwarm } from "./swarm/settings";
import { warnSecretsInClear } from "./tasks/clear";
import { checkCores, warnCores } from "./tasks/cores";
import { warnServices } from "./tasks/doubts";
import { checkDrivers } from "./tasks/drivers";
import { checkExchange } from "./tasks/exchange";
import { warnExposure } from "./tasks/exposure";
import { checkKernel, warnKernel } from "./tasks/kernel";
import { warnNames } from "./tasks/names";
import { warnPace } from "./tasks/pace";
import { checkPredefined } from "./tasks/predefined";
import { checkRoutes, warnRoutes } from "./tasks/routes";
import { warnTraps } from "./tasks/traps";
import { checkTimeToLive } from "./time-to-live";

/** The result of preflight. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const checks = [
  checkHosts,
  checkMachines,
  checkDaemon,
  checkAws,
  checkShare,
  checkSwarm,
  checkMesh,
  checkAdopt,
  checkTimeToLive,
  checkRegistries,
  checkNetworks,
  checkAddresses,
  checkIngress,
  checkPredefined,
  checkDrivers,
  checkNames,
  checkServices,
  checkPorts,
  checkRoutes,
  checkKernel,
  checkOccupied,
  checkReferences,
  checkOrder,
  checkSources,
  checkBuilds,
  checkSizes,
  checkPlacement,
  checkCores,
  checkExchange,
];

const warnings = [
  warnQuorum,
  warnKernel,
  warnAws,
  warnSizes,
  warnBridge,
  warnBuilds,
  warnServices,
  warnExposure,
  warnSecretsInClear,
  warnNames,
  warnPace,
  warnCores,
  warnTraps,
  warnSharedPorts,
  warnRoutes,
  warnStrangers,
  warnEncryption,
  warnOverlays,
  warnShare,
];

/** Checks everything that no schema can see. Pure: files and secrets are looked up through `world`. */
export function preflight(flight: Flight): Findings {
  return {
    problems: checks.flatMap((check) => check(flight)),
    warnings: warnings.flatMap((warn) => warn(flight)),
  };
}
