import type { Environment, HostSettings } from "../../config/environment/environment";
import { REGISTRY_NAME, REGISTRY_PORT } from "../../network/local/ports";
import { logSettings, poolSettings } from "../engine-pool";

/**
 * Settings of the engine in a host, the text of its `daemon.json`.
 *
 * It depends on nothing that a platform says: another platform must not make a host anew.
 */
export function daemonConfig(
  environment: Pick<Environment, "local" | "swarm">,
  host: Pick<HostSettings, "resources">,
): string {
  const resources = Object.entries(host.resources)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${kind}=${count}`);
  const config = {
    "storage-driver": "overlay2",
    "insecure-registries": [`${REGISTRY_NAME}:${REGISTRY_PORT}`],
    ...poolSettings([
      environment.local.subnet,
      environment.swarm.platformPool,
      ...environment.swarm.addressPools,
    ]),
    ...logSettings,
    ...(resources.length === 0 ? {} : { "node-generic-resources": resources }),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
