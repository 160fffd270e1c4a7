import type { HostSettings, LocalSettings } from "../../config/environment/environment";
import { type SwarmNetworks, swarmNetworks } from "../../config/environment/swarm";
import { REGISTRY_NAME, REGISTRY_PORT } from "../../network/local/ports";
import { logSettings, poolSettings, resourceSettings } from "../engine-settings";

/**
 * Settings of a host's Docker engine, the text of its `daemon.json`.
 *
 * It does not depend on platforms: adding a platform must not recreate a host.
 */
export function daemonConfig(
  {
    local,
    swarm,
  }: {
    readonly local: Pick<LocalSettings, "subnet">;
    readonly swarm: SwarmNetworks;
  },
  host: Pick<HostSettings, "resources" | "daemon">,
): string {
  const config = {
    "storage-driver": "overlay2",
    "insecure-registries": [`${REGISTRY_NAME}:${REGISTRY_PORT}`],
    ...poolSettings([local.subnet, ...swarmNetworks(swarm)]),
    ...logSettings(host.daemon),
    ...resourceSettings(host.resources),
    ...host.daemon,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
