import type { HostKind } from "./environment";

/** Where images go that are built here. */
export interface RegistrySettings {
  /** @default "local" when a host is local, "ecr" when one is on AWS, else "none" */
  readonly kind: "local" | "ecr" | "existing" | "none";
  /** Host and path of a registry of kind existing, such as `ghcr.io/my-team`. */
  readonly address?: string;
}

/** Login at a registry. */
export interface RegistryLogin {
  readonly user: string;
  /** Name of the secret in the stack's configuration that is the password. */
  readonly password: string;
}

/** Logins by host as in image names; `docker.io` for Docker Hub. */
export type RegistryLogins = { readonly [host: string]: RegistryLogin };

/** The registry of an environment, with defaults by what its hosts are. */
export function registryDefaults(
  written: Partial<RegistrySettings> | undefined,
  kinds: readonly HostKind[],
): RegistrySettings {
  const kind = written?.kind ?? (written?.address === undefined ? natural(kinds) : "existing");
  return { kind, ...(written?.address === undefined ? {} : { address: written.address }) };
}

/** One sentence about what does not fit, or undefined. */
export function registryProblem(
  { kind, address }: RegistrySettings,
  kinds: readonly HostKind[],
): string | undefined {
  if (kind === "existing" && address === undefined) {
    return "kind existing needs swarmyard:registry.address, such as `ghcr.io/my-team`";
  }
  if (kind !== "existing" && address !== undefined) {
    return `swarmyard:registry.address belongs to kind existing; for kind ${kind} leave it out`;
  }
  if (kind === "local" && kinds.some((host) => host !== "local")) {
    return "a local registry is seen by local hosts only; type `kind: ecr` or `kind: existing`";
  }
  if (kind === "ecr" && !kinds.includes("aws")) {
    return "no host is on AWS, so none has a role that may read ECR; type `kind: existing` with an address";
  }
  return undefined;
}

function natural(kinds: readonly HostKind[]): RegistrySettings["kind"] {
  if (kinds.includes("aws")) return "ecr";
  return kinds.includes("local") ? "local" : "none";
}
