import type { AuthConfig } from "dockerode";
import type { SwarmAccess } from "./access";

/** How long a registry may take to tell an image's digest. */
const REGISTRY_TIMEOUT_MS = 15_000;

/** What a registry says of an image. */
export interface Distribution {
  readonly Descriptor: { readonly digest: string };
  readonly Platforms?: readonly { readonly os?: string; readonly architecture?: string }[] | null;
}

/** What the registry has for an image, asked by a manager. @throws what the registry says */
export async function askRegistry(image: string, access: SwarmAccess): Promise<Distribution> {
  const docker = await access.manager();
  const late = AbortSignal.timeout(REGISTRY_TIMEOUT_MS);
  const request = {
    path: `/distribution/${image}/json`,
    method: "GET",
    statusCodes: { 200: true },
    authconfig: authOf(image, access),
    abortSignal: AbortSignal.any([access.signal, late]),
  };
  return await new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, found: unknown) => {
      if (late.aborted) reject(new Error(`no answer within ${REGISTRY_TIMEOUT_MS / 1000} s`));
      else if (error) reject(error);
      else resolve(found as Distribution);
    });
  });
}

/** What makes dockerode send X-Registry-Auth. */
export function authOf(image: string, access: SwarmAccess): AuthConfig {
  const header = access.registryAuth(image);
  // dockerode sends no header without it; its types know neither that nor `base64`.
  return (header === undefined ? undefined : { base64: header }) as unknown as AuthConfig;
}
