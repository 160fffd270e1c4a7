import * as pulumi from "@pulumi/pulumi";
import { Script } from "../../../resources/machine";
import type { Machine, SshWay } from "../../host";
import { goesWith, remoteCommand } from "../../remote";
import { type FirewallArgs, firewallRules } from "./rules";
import { applyScript, checkScript, confirmScript, removeScript, settleScript } from "./scripts";

/** A machine that our provider reaches. */
export interface GuardedMachine extends Machine {
  readonly ssh: SshWay;
}

/**
 * Gives a machine its firewall, and takes it away when the machine leaves or the setting goes.
 *
 * It is made before the machine joins: its ports are closed before anything listens, and every machine lets a new
 * node in before that node joins. With other nodes the rules are replaced, the new ones first, so a node that leaves
 * is let in until it has left.
 *
 * @returns wait for it before the machine becomes a node
 */
export function createFirewall(
  name: string,
  machine: GuardedMachine,
  args: pulumi.Output<FirewallArgs>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { ssh, lifetime } = machine;
  const removal = remoteCommand(
    `${name}-firewall`,
    { host: machine, create: checkScript, delete: removeScript },
    opts,
  );
  const same = lifetime.kind === "stack" ? lifetime.incarnation : lifetime.identity;
  return new Script(
    `${name}-firewall-rules`,
    {
      connection: ssh.connection.apply((way) => JSON.stringify(way)),
      create: applyScript.text,
      update: applyScript.text,
      confirm: confirmScript,
      delete: settleScript,
      stdin: args.apply((all) => applyScript.stdin(firewallRules(all))),
      timeout: 120,
      triggers: pulumi
        .all([same, args] as const)
        .apply(([identity, all]) => [
          ...(identity === undefined ? [] : [identity]),
          ...openTo(all),
        ]),
    },
    pulumi.mergeOptions({ dependsOn: [removal], ...goesWith(machine) }, opts),
  );
}

/** What other firewalls of the machine open: with something else, the rules are replaced. */
function openTo(args: FirewallArgs): readonly string[] {
  const { nodes, managerPorts, dataPathPort, mesh, servesNfs } = args;
  return [
    ...nodes,
    ...[...managerPorts, dataPathPort].map(String),
    ...(mesh === undefined ? [] : [`mesh ${mesh.port}`, ...mesh.from]),
    ...(servesNfs === true ? ["nfs"] : []),
  ];
}
