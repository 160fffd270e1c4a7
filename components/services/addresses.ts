import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { describeNodes } from "../config/preflight/known-nodes";
import { nodesFor } from "../config/preflight/placement";
import type { Host } from "../hosts/host";
import type { ServicePlan } from "../model/platform/plan";

/**
 * Host and port at which a published port is reached from here: by the entry on 127.0.0.1, or at a
 * host's own address. Every host answers for ingress; for mode host only one that runs the service.
 */
export function publishedAddress(
  environment: Environment,
  hosts: readonly Host[],
  service: ServicePlan,
  port: { readonly published: number; readonly mode?: "ingress" | "host" },
): pulumi.Output<string> {
  const host = port.mode === "host" ? runner(environment, hosts, service) : undefined;
  const { firstManager } = environment.swarm;
  const chosen = host ?? hosts.find((one) => one.name === firstManager);
  if (chosen === undefined) throw new pulumi.RunError(`${firstManager} is not a host`);
  return chosen.publishedAt(port.published);
}

/** The first host on which the service may run, in the file's order. */
function runner(
  environment: Environment,
  hosts: readonly Host[],
  service: ServicePlan,
): Host | undefined {
  const fitting = nodesFor(service, describeNodes(environment)).map((node) => node.hostname);
  return hosts.find((host) => fitting.includes(host.name));
}
