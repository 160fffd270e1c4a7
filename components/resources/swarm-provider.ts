import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, RegistryCredentials } from "../engine/endpoints";
import { isKnown } from "./known";

/** Arguments of a {@link SwarmProvider}. */
export interface SwarmProviderArgs {
  /** Hosts of the swarm; a preview leaves out those that it does not know yet. */
  readonly endpoints: readonly pulumi.Input<Endpoint>[];
  /** Secret from which the names of secrets and configs are derived, usually `key.salt`. */
  readonly salt?: pulumi.Input<string>;
  /** Credentials by registry. @default [] */
  readonly registryAuth?: readonly pulumi.Input<RegistryCredentials>[];
  /** Takes over services and networks of the swarm that nobody manages. @default false: they are refused */
  readonly adopt?: boolean;
}

/**
 * How the resources of a swarm are reached: over SSH, through any manager that answers.
 *
 * @example
 * const provider = new SwarmProvider("swarm", { endpoints, salt: key.salt }, { dependsOn: hosts });
 * new Network("net", { name: "blue", subnet: "10.201.1.0/24" }, { provider });
 */
export class SwarmProvider extends pulumi.ProviderResource {
  constructor(name: string, args: SwarmProviderArgs, opts?: pulumi.ResourceOptions) {
    const known = (values: readonly unknown[]) =>
      pulumi.secret(knownOnly(values).apply((list) => JSON.stringify(list)));
    const salt = knownOnly(args.salt === undefined ? [] : [args.salt]);
    const props = {
      endpoints: known(args.endpoints),
      registryAuth: known(args.registryAuth ?? []),
      salt: pulumi.secret(salt.apply((list) => list[0] ?? "")),
      ...(args.adopt === true ? { adopt: "true" } : {}),
    };
    super("swarm", name, props, opts);
  }
}

// With one unknown value in a provider's configuration, the Pulumi engine calls neither Check nor Diff.
function knownOnly(values: readonly unknown[]): pulumi.Output<unknown[]> {
  const outputs = values.map((value) => pulumi.output(value));
  const flags = Promise.all(outputs.map(isKnown));
  return pulumi
    .output(flags)
    .apply((known) => pulumi.all(outputs.filter((_, index) => known[index])));
}
