import type {
  HostSettings,
  LocalSettings,
  SwarmSettings,
} from "../../config/environment/environment";
import { REGISTRY_NAME, REGISTRY_PORT } from "../../network/local/ports";
import { logSettings, poolSettings, resourceSettings } from "../engine-settings";

/**
 * Settings of the engine in a host, the text of its `daemon.json`.
 *
 * It depends on nothing that a platform says: another platform must not make a host anew.
 */
export function daemonConfig(
  {
    local,
    swarm,
  }: {
    readonly local: Pick<LocalSettings, "subnet">;
    readonly swarm: Pick<SwarmSettings, "addressPools" | "platformPool">;
  },
  host: Pick<HostSettings, "resources">,
): string {
  const config = {
    "storage-driver": "overlay2",
    "insecure-registries": [`${REGISTRY_NAME}:${REGISTRY_PORT}`],
    ...poolSettings([local.subnet, swarm.platformPool, ...swarm.addressPools]),
    ...logSettings,
    ...resourceSettings(host.resources),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
