import * as pulumi from "@pulumi/pulumi";
import type { Environment, SshHostSettings } from "../../config/environment/environment";
import type { Share } from "../../share/share";
import type { HostMaker, OwnMachines } from "../host";
import type { FirewallArgs } from "../machine/firewall/rules";
import { firewallArgs } from "./firewall";
import { SshHost } from "./host";
import { checkFacts } from "./placement";
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
  const addresses = addressesIn(machines);
  const firewall = (settings: SshHostSettings): { firewall?: pulumi.Output<FirewallArgs> } => {
    const { firewall: wanted } = settings.ssh;
    if (wanted === undefined) return {};
    const known = addresses.apply((privateAddresses) => ({ facts, privateAddresses }));
    return { firewall: known.apply((all) => firewallArgs(environment, settings, wanted, all)) };
  };
  return (settings) => ({
    settings,
    follows: false,
    make() {
      const surveyed = machines.get(settings.name);
      if (surveyed === undefined) throw new pulumi.RunError(`nothing is known of ${settings.name}`);
      const args = { environment, settings, surveyed, share, ...firewall(settings) };
      return new SshHost(settings.name, args, opts);
    },
  });
}

/** Addresses at which other nodes reach machines, by name. */
function addressesIn(
  machines: ReadonlyMap<string, Surveyed>,
): pulumi.Output<ReadonlyMap<string, string>> {
  const names = [...machines.keys()];
  const addresses = [...machines.values()].map(({ machine }) => machine.privateAddress);
  return pulumi
    .all(addresses)
    .apply((all) => new Map(names.map((name, index) => [name, all[index] ?? ""])));
}
