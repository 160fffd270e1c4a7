import type { SwarmAccess } from "./access";
import type { Distribution } from "./live";

/** How long a registry may take to answer. */
const REGISTRY_TIMEOUT_MS = 15_000;

/** What the registry has for an image, as a manager sees it. @throws what the registry says */
export async function askRegistry(image: string, access: SwarmAccess): Promise<Distribution> {
  const manager = await access.manager();
  const late = AbortSignal.timeout(REGISTRY_TIMEOUT_MS);
  const signal = AbortSignal.any([access.signal, late]);
  try {
    return await manager.distribution(image, access.registryAuth(image), signal);
  } catch (error) {
    throw late.aborted ? new Error(`no answer within ${REGISTRY_TIMEOUT_MS / 1000} s`) : error;
  }
}
