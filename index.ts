import { loadEnvironment } from "./components/config/load";
import { createHosts } from "./components/hosts";
import { machineFacts } from "./components/local-engine/facts";
import { createEntry, createNetwork } from "./components/network";
import { mountedFolders } from "./components/platform/mounted";
import { Platform } from "./components/platform/platform";
import { createRegistry, registryLogins } from "./components/registry";
import * as outputs from "./components/services/outputs";
import { Services } from "./components/services/services";
import { createShare } from "./components/share";
import { Swarm } from "./components/swarm/swarm";

/** Declares an environment and returns the outputs for tools and people. */
async function program() {
  const environment = loadEnvironment(await machineFacts());
  const network = await createNetwork(environment);
  const share = await createShare(environment, { network });
  const hosts = await createHosts(environment, { network, share });
  const swarm = new Swarm("swarm", {
    hosts,
    settings: environment.swarm,
    share: environment.share,
    registryAuth: registryLogins(environment),
    protect: environment.protected === true,
  });
  const registry = await createRegistry(environment, { network, swarm });
  const mounted = mountedFolders(environment.platforms.map(({ plan }) => plan));
  const platforms = environment.platforms.map(
    ({ name, plan }) => new Platform(name, { platform: name, plan, swarm, share, mounted }),
  );
  for (const platform of platforms) {
    new Services(`${platform.platform}-services`, { platform, platforms, registry });
  }
  await createEntry(environment, network);
  const urls = outputs.urls(environment, swarm.hosts);
  const pages = outputs.pages(environment, urls);
  return {
    /** Nodes by name: group, role, labels. */
    nodes: outputs.nodeSummaries(swarm.hosts),
    /** Services by platform. */
    services: outputs.serviceNames(environment),
    /** How to reach each host's Docker engine over SSH; a secret. */
    endpoints: swarm.endpoints,
    /** Addresses of published ports, by service and target port. */
    urls,
    /** Unlocks managers of a swarm with autolock; a secret. */
    ...(environment.swarm.autolock === true ? { unlockKey: swarm.cluster.unlockKey } : {}),
    /** The page to open first; null when no platform has one. */
    open: Object.values(pages)[0] ?? null,
    /** The page of each platform that has one. */
    pages,
    /** Quiet ports, the age of images to remove, what names behind Traefik must resolve to; left out without any. */
    ...outputs.forUp(environment, urls),
  };
}

// Export the function, not its promise: if it rejected before Pulumi attaches a handler, Node would also print an unhandled-rejection warning.
module.exports = program;
