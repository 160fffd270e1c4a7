import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import type { RegistryLogins } from "../config/environment/registries";
import { secretValue } from "../config/secret-value";
import type { RegistryCredentials } from "../engine/endpoints";
import { HUB_HOSTS } from "../model/image";
import { hostOf } from "./reference";

/** User and password at a registry. */
export interface Login {
  readonly user: string;
  /** A secret. */
  readonly password: pulumi.Output<string>;
}

/** The login for an image or an address that begins with a registry's host; undefined without one. */
export function loginFor(image: string, logins: RegistryLogins): Login | undefined {
  const host = hostOf(image);
  const hosts = HUB_HOSTS.includes(host) ? HUB_HOSTS : [host];
  const found = Object.entries(logins).find(([name]) => hosts.includes(name));
  if (found === undefined) return undefined;
  const [, { user, password }] = found;
  return { user, password: secretValue(password) };
}

/** Logins that the swarm's services carry to the nodes that pull. */
export function registryLogins({
  registries,
}: Pick<Environment, "registries">): pulumi.Output<RegistryCredentials>[] {
  return Object.entries(registries).map(([host, { user, password }]) =>
    secretValue(password).apply((value) => ({ host, user, password: value })),
  );
}
