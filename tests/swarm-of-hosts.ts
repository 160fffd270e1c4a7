import * as pulumi from "@pulumi/pulumi";
import type { HostSettings } from "../components/config/environment/environment";
import type { Host } from "../components/hosts/host";
import { Swarm } from "../components/swarm/swarm";
import { localEnvironment, localHost } from "./local-environment";

/** A machine for tests: nothing but a resource to depend on. */
class Machine extends pulumi.CustomResource {
  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Machine", name, {}, opts);
  }
}

/** A host that no engine has to make. */
export function plainHost(
  settings: HostSettings,
  address: string,
  opts: pulumi.ComponentResourceOptions,
  ephemeral = true,
): Host {
  const machine = new Machine(settings.name, opts);
  return {
    settings,
    name: settings.name,
    privateAddress: pulumi.output(address),
    ssh: {
      host: pulumi.output("127.0.0.1"),
      port: pulumi.output(20001),
      user: "root",
      hostKey: pulumi.output(`ssh-ed25519 ${settings.name}`),
      privateKey: pulumi.secret("private"),
    },
    machine,
    ready: [new Machine(`${settings.name}-ready`, opts)],
    store: "/var/lib/docker",
    ephemeral,
  };
}

/** A swarm of one manager and one worker, with names of its own. */
export function plainSwarm(
  name: string,
  opts: pulumi.ComponentResourceOptions,
  ephemeral = true,
): Swarm {
  const manager = localHost(`${name}-m`, { role: "manager", labels: { db: "true" } });
  const worker = localHost(`${name}-w`, { labels: { agent: "true" } });
  const hosts = [
    plainHost(manager, "10.64.1.1", opts, ephemeral),
    plainHost(worker, "10.64.1.2", opts, ephemeral),
  ];
  const settings = { ...localEnvironment(name).swarm, firstManager: manager.name };
  return new Swarm(name, { hosts, settings }, opts);
}
