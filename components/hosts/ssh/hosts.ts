import * as pulumi from "@pulumi/pulumi";
import type { Environment, SshHostSettings } from "../../config/environment/environment";
import type { Share } from "../../share/share";
import type { HostMaker, OwnMachines } from "../host";
import type { FirewallArgs } from "../machine/firewall/rules";
import { type MeshPlace, meshPlaces } from "../mesh/mesh";
import { firewallArgs } from "./firewall";
import { addressOf, SshHost } from "./host";
import { mountFor } from "./mounts";
import { checkFacts, type FactsByNode } from "./placement";
import { type Surveyed, surveyMachines } from "./survey";

/**
 * Prepares the hosts of an environment that are existing machines, after a look at all of them.
 *
 * @throws pulumi.RunError with one message for each machine that cannot be used, or with the services
 * that no machine can run
 */
export async function sshHosts(
  environment: Environment,
  { share, own }: { readonly share?: Share | undefined; readonly own?: OwnMachines | undefined },
  opts?: pulumi.ComponentResourceOptions,
): Promise<(settings: SshHostSettings) => HostMaker> {
  const machines = await surveyMachines(environment, own, opts);
  const facts = new Map(
    [...machines].flatMap(([name, { facts: known }]) =>
      known === undefined ? [] : [[name, known]],
    ),
  );
  checkFacts(environment, facts);
  const mesh = meshOf(environment, machines, opts);
  const reached = new Map(
    [...machines].map(([name, surveyed]) => [name, addressOf(surveyed, mesh.get(name))]),
  );
  const firewall = firewallsOf(environment, facts, reached);
  const made = new Map<string, SshHost>();
  const make = (settings: SshHostSettings): SshHost => {
    const known = made.get(settings.name);
    if (known !== undefined) return known;
    const surveyed = machines.get(settings.name);
    if (surveyed === undefined) throw new pulumi.RunError(`nothing is known of ${settings.name}`);
    const mount = mountFor(settings.name, share, reached, (first) =>
      make(named(environment, first)),
    );
    const more = { mesh: mesh.get(settings.name), firewall: firewall(settings) };
    const args = { environment, settings, surveyed, share: mount, ...more };
    const host = new SshHost(settings.name, args, opts);
    made.set(settings.name, host);
    return host;
  };
  return (settings) => ({ settings, follows: false, make: () => make(settings) });
}

function meshOf(
  { swarm, hosts }: Environment,
  machines: ReadonlyMap<string, Surveyed>,
  opts?: pulumi.ComponentResourceOptions,
): ReadonlyMap<string, MeshPlace> {
  if (swarm.mesh === undefined) return new Map();
  const stated = new Map(
    hosts.flatMap((host) => (host.kind === "ssh" ? [[host.name, host.ssh.meshEndpoint]] : [])),
  );
  const nodes = new Map(
    [...machines].map(([name, { machine, connection }]) => [
      name,
      { machine, connection, endpoint: stated.get(name) },
    ]),
  );
  return meshPlaces(swarm.mesh, nodes, opts);
}

function named({ hosts }: Environment, name: string): SshHostSettings {
  const settings = hosts.find((host) => host.kind === "ssh" && host.name === name);
  if (settings?.kind === "ssh") return settings;
  throw new pulumi.RunError(`the share needs ${name}, which is not an existing machine`);
}

/** What each machine's firewall must know; undefined for one without. */
function firewallsOf(
  environment: Environment,
  facts: FactsByNode,
  reached: ReadonlyMap<string, pulumi.Output<string>>,
): (settings: SshHostSettings) => pulumi.Output<FirewallArgs> | undefined {
  const known = pulumi.all([...reached.values()]).apply((all) => ({
    facts,
    privateAddresses: new Map([...reached.keys()].map((name, index) => [name, all[index] ?? ""])),
  }));
  return (settings) => {
    const { firewall } = settings.ssh;
    if (firewall === undefined) return undefined;
    return known.apply((all) => firewallArgs(environment, settings, firewall, all));
  };
}
