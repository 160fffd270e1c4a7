import * as pulumi from "@pulumi/pulumi";
import type { Role } from "../config/environment";
import type { Host } from "../hosts/host";

/** How the provider and the tools reach one host's engine. */
export interface Endpoint {
  readonly name: string;
  readonly role: Role;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  readonly privateKey: string;
}

/** The endpoint of one host. */
export function endpointOf(host: Host): pulumi.Output<Endpoint> {
  const { ssh } = host;
  return pulumi
    .all([ssh.host, ssh.port, ssh.hostKey, ssh.privateKey])
    .apply(([address, port, hostKey, privateKey]) => ({
      name: host.name,
      role: host.settings.role,
      host: address,
      port,
      user: ssh.user,
      hostKey,
      privateKey,
    }));
}

/** What an Output knows of itself; the SDK keeps it out of its public type. */
interface OutputInternals<T> {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<T>;
}

/**
 * The values that are known by now, as a secret. One unknown value in a provider's configuration
 * makes the engine skip Check and Diff of everything on the swarm, so what is not there yet is left out.
 */
export function knownOnly<T>(outputs: readonly pulumi.Output<T>[]): pulumi.Output<T[]> {
  const values = outputs.map(async (output) => {
    const internals = output as unknown as OutputInternals<T>;
    return (await internals.isKnown) ? [await internals.promise()] : [];
  });
  return pulumi.secret(Promise.all(values).then((known) => known.flat() as T[])) as pulumi.Output<
    T[]
  >;
}
