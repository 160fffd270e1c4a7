import * as pulumi from "@pulumi/pulumi";
import type { Environment, SshHostSettings } from "../../config/environment/environment";
import type { Share } from "../../share/share";
import type { HostMaker, OwnMachines } from "../host";
import { SshHost } from "./host";
import { mountFor } from "./mounts";
import { checkFacts } from "./placement";
import { surveyMachines } from "./survey";

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
  const made = new Map<string, SshHost>();
  const make = (settings: SshHostSettings): SshHost => {
    const known = made.get(settings.name);
    if (known !== undefined) return known;
    const surveyed = machines.get(settings.name);
    if (surveyed === undefined) throw new pulumi.RunError(`nothing is known of ${settings.name}`);
    const mount = mountFor(settings.name, share, machines, (first) =>
      make(named(environment, first)),
    );
    const args = { environment, settings, surveyed, share: mount };
    const host = new SshHost(settings.name, args, opts);
    made.set(settings.name, host);
    return host;
  };
  return (settings) => ({ settings, follows: false, make: () => make(settings) });
}

function named({ hosts }: Environment, name: string): SshHostSettings {
  const settings = hosts.find((host) => host.kind === "ssh" && host.name === name);
  if (settings?.kind === "ssh") return settings;
  throw new pulumi.RunError(`the share needs ${name}, which is not an existing machine`);
}
