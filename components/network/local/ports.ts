import { SSH_PORTS } from "../../config/environment/addresses";
import type { LocalSettings } from "../../config/environment/environment";
import { spread } from "../../model/addresses/spread";

/** Name that stands for all nodes on the local network. */
export const NODES_NAME = "nodes";
/** Name at which nodes reach the registry on the local network. */
export const REGISTRY_NAME = "registry";
/** Port of the registry on the local network. */
export const REGISTRY_PORT = 5000;
/** Ports after those for SSH, one of which is the registry's on 127.0.0.1. */
const REGISTRY_PORTS = 1000;

/** Port of the registry on 127.0.0.1; it depends on the environment's name alone. */
export function registryHostPort(environment: string, { sshPortBase }: LocalSettings): number {
  return sshPortBase + SSH_PORTS + spread(`${environment}/${REGISTRY_NAME}`, REGISTRY_PORTS);
}
