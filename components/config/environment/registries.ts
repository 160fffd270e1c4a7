import type { FileSettings } from "../schema/file";
import type { HostKind } from "./host-kind";

/** A registry that exists. */
export interface ExistingRegistrySettings {
  readonly kind: "existing";
  /** Its host and path, such as `ghcr.io/my-team`. */
  readonly address: string;
}

/**
 * Where images built here are pushed.
 *
 * @default local when all hosts are local, ecr when all are on AWS, else none
 */
export type RegistrySettings =
  | { readonly kind: "local" | "swarm" | "ecr" | "none" }
  | ExistingRegistrySettings;

/** A registry as it is written. */
export type WrittenRegistry = FileSettings["registry"];

/** Login at a registry. */
export interface RegistryLogin {
  readonly user: string;
  /** Name of the secret in the stack's configuration that is the password. */
  readonly password: string;
}

/** Logins by host as in image names; `docker.io` for Docker Hub. */
export type RegistryLogins = { readonly [host: string]: RegistryLogin };

/** The registry of an environment; its default depends on the hosts' kind. */
export function registryDefaults(
  written: WrittenRegistry,
  kinds: readonly HostKind[],
): RegistrySettings {
  const kind = written?.kind ?? (written?.address === undefined ? natural(kinds) : "existing");
  return kind === "existing" ? { kind, address: written?.address ?? "" } : { kind };
}

/** What does not fit: found, allowed, fix; undefined when everything fits. */
export function registryProblem(
  written: WrittenRegistry,
  kinds: readonly HostKind[],
  share: string,
): { readonly found: string; readonly allowed: string; readonly fix: string } | undefined {
  const { kind } = registryDefaults(written, kinds);
  const address = written?.address;
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
  if (kind === "swarm" && share === "none") {
    const found = "swarm, whose nodes serve images from the share, next to `share: { kind: none }`";
    return { found, allowed: "a share", fix: "`share: { kind: nfs }`, or another registry" };
  }
  if (kind === "local" && kinds.some((host) => host !== "local")) {
    const found = "local, a registry that only local hosts can reach";
    const fix = kinds.every((host) => host === "aws") ? "`kind: ecr`" : existing;
    return { found, allowed: "a registry that every host can reach", fix };
  }
  if (kind === "ecr" && kinds.some((host) => host !== "aws")) {
    const others = kinds.filter((host) => host !== "aws").join(", ");
    const found = `ecr; hosts of kind ${others} have no role that can read it`;
    return { found, allowed: "a registry that every host can reach", fix: existing };
  }
  return undefined;
}

function natural(kinds: readonly HostKind[]): RegistrySettings["kind"] {
  const every = (kind: HostKind) => kinds.length > 0 && kinds.every((one) => one === kind);
  if (every("aws")) return "ecr";
  return every("local") ? "local" : "none";
}
