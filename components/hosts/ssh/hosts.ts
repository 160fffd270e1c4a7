import * as pulumi from "@pulumi/pulumi";
import type { Environment, SshHostSettings } from "../../config/environment/environment";
import type { Share } from "../../share/share";
import type { HostMaker, OwnMachines } from "../host";
import type { FirewallArgs } from "../machine/firewall/rules";
import { type MeshPlace, meshPlaces } from "../mesh/mesh";
import { firewallArgs } from "./firewall";
import { addressOf, SshHost } from "./host";
import { mountFor } from "./mounts";
import { checkFacts } from "./placement";
import { rebootWarnings } from "./reboot";
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
    [...machines].flatMap(([name, surveyed]) =>
      surveyed.facts === undefined ? [] : [[name, surveyed.facts]],
    ),
  );
  checkFacts(environment, facts);
  for (const text of rebootWarnings(environment, facts)) pulumi.log.warn(text);
  const mesh = meshOf(environment, machines, opts);
  const reached = new Map(
    [...machines].map(([name, surveyed]) => [name, addressOf(surveyed, mesh.get(name))]),
  );
  const addresses = known(reached);
  const firewall = (settings: SshHostSettings): { firewall?: pulumi.Output<FirewallArgs> } => {
    const { firewall: wanted } = settings.ssh;
    if (wanted === undefined) return {};
    return {
      firewall: addresses.apply((privateAddresses) =>
        firewallArgs(environment, settings, wanted, { facts, privateAddresses }),
      ),
    };
  };
  const made = new Map<string, SshHost>();
  const make = (settings: SshHostSettings): SshHost => {
    const earlier = made.get(settings.name);
    if (earlier !== undefined) return earlier;
    const surveyed = machines.get(settings.name);
    if (surveyed === undefined) throw new pulumi.RunError(`nothing is known of ${settings.name}`);
    const mount = mountFor(settings.name, share, reached, (first) =>
      make(named(environment, first)),
    );
    const args = {
      ...{ environment, settings, surveyed, share: mount, mesh: mesh.get(settings.name) },
      ...firewall(settings),
    };
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

/** Values by name, all at once. */
function known(
  outputs: ReadonlyMap<string, pulumi.Output<string>>,
): pulumi.Output<ReadonlyMap<string, string>> {
  const names = [...outputs.keys()];
  return pulumi
    .all([...outputs.values()])
    .apply((all) => new Map(names.map((name, index) => [name, all[index] ?? ""])));
}
