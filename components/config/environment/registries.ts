import type { HostKind } from "./host-kind";

/** Where images go that are built here. */
export interface RegistrySettings {
  /** @default "local" when all hosts are local, "ecr" when all are on AWS, else "none" */
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

/** What does not fit: what was found, what is allowed and what to type; undefined when all fits. */
export function registryProblem(
  { kind, address }: RegistrySettings,
  kinds: readonly HostKind[],
): { readonly found: string; readonly allowed: string; readonly fix: string } | undefined {
  const existing = "`kind: existing` and `address: ghcr.io/my-team`";
  if (kind === "existing" && address === undefined) {
    return {
      found: "kind existing without an address",
      allowed: "a registry's address",
      fix: existing,
    };
  }
  if (kind !== "existing" && address !== undefined) {
    const found = `the address ${address} next to kind ${kind}`;
    return { found, allowed: "an address with kind existing only", fix: "remove `address`" };
  }
  if (kind === "local" && kinds.some((host) => host !== "local")) {
    const found = "local, a registry that only local hosts see";
    const fix = kinds.every((host) => host === "aws") ? "`kind: ecr`" : existing;
    return { found, allowed: "a registry that every host sees", fix };
  }
  if (kind === "ecr" && kinds.some((host) => host !== "aws")) {
    const others = kinds.filter((host) => host !== "aws").join(", ");
    const found = `ecr; hosts of kind ${others} have no role that may read it`;
    return { found, allowed: "a registry that every host sees", fix: existing };
  }
  return undefined;
}

function natural(kinds: readonly HostKind[]): RegistrySettings["kind"] {
  const every = (kind: HostKind) => kinds.length > 0 && kinds.every((one) => one === kind);
  if (every("aws")) return "ecr";
  return every("local") ? "local" : "none";
}
