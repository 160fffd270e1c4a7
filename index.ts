import { localPort } from "./components/config/addresses";
import { loadEnvironment } from "./components/config/load";
import { createHosts } from "./components/hosts";
import { createNetwork, LocalEntry } from "./components/network";
import { Platform } from "./components/platform/platform";
import { createRegistry } from "./components/registry";
import * as outputs from "./components/services/outputs";
import { Services } from "./components/services/services";
import { createShare } from "./components/share";
import { Swarm } from "./components/swarm/swarm";

const environment = loadEnvironment();
const network = createNetwork(environment);
const share = createShare(environment);
const hosts = createHosts(environment, { network, share });
const swarm = new Swarm("swarm", { hosts, settings: environment.swarm });
const registry = createRegistry(environment, { network });

for (const { name, spec } of environment.platforms) {
  const platform = new Platform(name, { platform: name, spec, swarm, share });
  new Services(`${name}-services`, { platform, registry });
}

if (network !== undefined) {
  const ports = outputs.publishedPorts(environment);
  new LocalEntry("entry", { environment, network, ports });
}

/** Nodes by name: group, role, labels. */
export const nodes = outputs.nodeSummaries(environment);
/** Services by platform. */
export const services = outputs.serviceNames(environment);
/** How to reach each host's engine over SSH; a secret. */
export const endpoints = swarm.endpoints;
/** Addresses of published ports, by service and target port. */
export const urls = outputs.urls(
  environment,
  (published) => `127.0.0.1:${localPort(environment, published)}`,
);
/** The page to open first; null when no platform has one. */
export const open = outputs.openUrl(environment, urls) ?? null;
