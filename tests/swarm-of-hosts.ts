import * as pulumi from "@pulumi/pulumi";
import type { HostSettings } from "../components/config/environment/environment";
import type { Host, HostMaker, Lifetime, SshEndpoint } from "../components/hosts/host";
import { Swarm } from "../components/swarm/swarm";
import { localEnvironment, localHost } from "./local-environment";

/** A machine for tests: nothing but a resource to depend on. */
class Machine extends pulumi.CustomResource {
  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Machine", name, {}, opts);
  }
}

/** How long a machine lives, by the name of a resource that stands for it. */
export function lifetimeOf(
  kind: Lifetime["kind"],
  name: string,
  opts: pulumi.CustomResourceOptions,
): Lifetime {
  return kind === "stack"
    ? { kind, resource: new Machine(name, opts) }
    : { kind, identity: pulumi.output(`id of ${name}`) };
}

/** How a host is reached with one key. */
export function keyedOf(host: Host | undefined): SshEndpoint {
  if (host === undefined || "connection" in host.ssh) throw new Error("no host with one key");
  return host.ssh;
}

/** A host that no engine has to make. */
export function plainHost(
  settings: HostSettings,
  address: string,
  opts: pulumi.ComponentResourceOptions,
  kind: Lifetime["kind"] = "stack",
): Host {
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
    publishedAt: (port) => pulumi.output(`address-of-${settings.name}:${port}`),
    lifetime: lifetimeOf(kind, settings.name, opts),
    ready: [new Machine(`${settings.name}-ready`, opts)],
    store: "/var/lib/docker",
  };
}

/** What makes a plain host. */
export function plainMaker(
  settings: HostSettings,
  address: string,
  opts: pulumi.ComponentResourceOptions,
  kind: Lifetime["kind"] = "stack",
): HostMaker {
  return { settings, follows: false, make: () => plainHost(settings, address, opts, kind) };
}

/** A swarm of one manager and one worker, with names of its own. */
export function plainSwarm(
  name: string,
  opts: pulumi.ComponentResourceOptions,
  kinds: { readonly manager?: Lifetime["kind"]; readonly worker?: Lifetime["kind"] } = {},
): Swarm {
  const manager = localHost(`${name}-m`, { role: "manager", labels: { db: "true" } });
  const worker = localHost(`${name}-w`, { labels: { agent: "true" } });
  const hosts = [
    plainMaker(manager, "10.64.1.1", opts, kinds.manager),
    plainMaker(worker, "10.64.1.2", opts, kinds.worker),
  ];
  const settings = { ...localEnvironment(name).swarm, firstManager: manager.name };
  return new Swarm(name, { hosts, settings }, opts);
}
