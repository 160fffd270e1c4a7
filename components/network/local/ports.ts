/** Name that stands for all nodes on the local network. */
export const NODES_NAME = "nodes";
/** Name at which nodes reach the registry on the local network. */
export const REGISTRY_NAME = "registry";
/** Port of the registry on the local network. */
export const REGISTRY_PORT = 5000;
