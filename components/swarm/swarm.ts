import * as pulumi from "@pulumi/pulumi";
import type { ShareSettings, SwarmSettings } from "../config/environment/environment";
import { managerPortOf } from "../config/environment/swarm";
import type { Endpoint, RegistryCredentials } from "../engine/endpoints";
import type { Host, HostMaker } from "../hosts/host";
import { goesWith } from "../hosts/remote";
import { Cluster, Key, type Node, SwarmProvider } from "../resources/resources";
import { clusterSettings } from "./cluster-settings";
import { initCommand, joinCommand, nodeOf, ticketFor } from "./commands";
import { endpointOf } from "./endpoints";
import { settleTokens } from "./tokens";

/** Arguments of a Swarm. */
export interface SwarmArgs {
  readonly hosts: readonly HostMaker[];
  readonly settings: SwarmSettings;
  /** Logins that services carry to the nodes that pull their images. @default none */
  readonly registryAuth?: readonly pulumi.Input<RegistryCredentials>[];
  /** Where token files go. @default nowhere */
  readonly share?: ShareSettings;
  /** Pulumi refuses to delete or replace the swarm. @default false */
  readonly protect?: boolean;
}

/**
 * Makes hosts and one swarm of them: init on the first manager, join on the others, then every node
 * as a resource with its role and labels before tasks land on it. Managers that follow are made in
 * turn, each after the node of the manager before it.
 *
 * @example
 * const swarm = new Swarm("swarm", { hosts, settings: environment.swarm });
 * new Network("frontend", { name: "frontend" }, swarm.on(parent));
 */
export class Swarm extends pulumi.ComponentResource {
  /** Reaches the swarm through any manager. */
  public readonly provider: SwarmProvider;
  /** The swarm's identity; what is on the swarm goes and is recreated with it. */
  public readonly cluster: Cluster;
  /** One per host; all labels are set and the node takes tasks. */
  public readonly nodes: ReadonlyMap<string, Node>;
  /** How to reach each host, for tools; a secret. */
  public readonly endpoints: pulumi.Output<Endpoint[]>;
  /** In the order of the environment file. */
  public readonly hosts: readonly Host[];
  public readonly settings: SwarmSettings;

  private readonly makers: readonly HostMaker[];
  private readonly made = new Map<string, Host>();

  constructor(name: string, args: SwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:swarm:Swarm", name, {}, opts);
    this.makers = args.hosts;
    this.settings = args.settings;
    const first = this.firstManager();
    for (const maker of this.makers.filter(({ follows }) => !follows)) this.make(maker);

    const init = this.init(name, this.host(first));
    this.provider = this.connect(name, args.registryAuth ?? []);
    this.cluster = this.identify(name, this.host(first), init, args.protect === true);
    this.nodes = this.joinAll(name, first);
    this.hosts = this.makers.map((maker) => this.host(maker));
    const nodes = [...this.nodes.values()];
    const { settings, share } = args;
    const { cluster, provider } = this;
    const manager = this.host(first);
    settleTokens(name, { settings, share, manager, nodes, cluster, provider }, this);
    this.endpoints = pulumi.secret(pulumi.all(this.hosts.map(endpointOf)));
    this.registerOutputs({ swarmId: this.cluster.id });
  }

  /** Options that every object on the swarm must carry: it waits until `nodes` are up with their labels. */
  public on(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    return { ...this.bound(parent), dependsOn: [...this.nodes.values()] };
  }

  /** Options of an object that is on one node only: it is recreated with the node's machine. */
  public onNode(parent: pulumi.Resource, host: Host): pulumi.CustomResourceOptions {
    const { replaceWith = [] } = goesWith(host);
    const bound = { ...this.bound(parent, host), dependsOn: [...this.nodes.values()] };
    return pulumi.mergeOptions(bound, { replaceWith });
  }

  private bound(parent: pulumi.Resource, host?: Host): pulumi.CustomResourceOptions {
    // The managers hold the swarm: with the last of them it disappears, with everything on it.
    // Where one of them outlives the stack, and on a node that does, every object is deleted individually.
    const keepers = [...this.made.values()].filter(
      (one) => one === host || one.settings.role === "manager",
    );
    const ends = keepers.every(({ lifetime }) => lifetime.kind === "stack");
    return {
      parent,
      provider: this.provider,
      replaceWith: [this.cluster],
      ...(ends ? { deletedWith: this.cluster } : {}),
    };
  }

  private make(maker: HostMaker, after?: pulumi.Resource): Host {
    const host = maker.make(after);
    this.made.set(host.name, host);
    return host;
  }

  private host({ settings: { name } }: HostMaker): Host {
    const host = this.made.get(name);
    if (host === undefined) throw new Error(`host ${name} does not exist yet`);
    return host;
  }

  /** A value that is read when every host is made, also those that follow. */
  private later<T>(read: () => pulumi.Output<T>): pulumi.Output<T> {
    return pulumi.output(Promise.resolve(true)).apply(() => read());
  }

  /** Addresses of managers, with their ports where hosts have addresses of their own. */
  private managersAt(makers: readonly HostMaker[]): pulumi.Output<string[]> {
    const withPorts = this.hasOwnAddresses();
    return this.later(() =>
      pulumi.all(
        makers.map((maker) =>
          this.host(maker).privateAddress.apply((address) =>
            withPorts ? `${address}:${managerPortOf(maker.settings.addresses)}` : address,
          ),
        ),
      ),
    );
  }

  /** Tokens that change, and addresses that only the swarm knows, are read when a host joins. */
  private needsTickets(): boolean {
    return this.settings.rotateTokens === true || this.hasOwnAddresses();
  }

  private hasOwnAddresses(): boolean {
    return this.makers.some(({ settings }) => settings.addresses !== undefined);
  }

  private managers(): readonly HostMaker[] {
    return this.makers.filter(({ settings }) => settings.role === "manager");
  }

  private firstManager(): HostMaker {
    const { firstManager } = this.settings;
    const first = this.makers.find(({ settings }) => settings.name === firstManager);
    if (first !== undefined) return first;
    const names = this.makers.map(({ settings }) => settings.name).join(", ");
    throw new pulumi.RunError(
      `swarmyard:swarm.firstManager is ${firstManager}, which is not a host; hosts are ${names}.`,
    );
  }

  private init(name: string, first: Host): pulumi.Resource {
    const others = this.managers().filter(({ settings }) => settings.name !== first.name);
    return initCommand(
      `${name}-init`,
      {
        host: first,
        settings: this.settings,
        others: this.managersAt(others),
        withPorts: this.hasOwnAddresses(),
      },
      // The first manager may change; the newly named one is then already in the swarm.
      {
        parent: this,
        dependsOn: others.flatMap((maker) => (maker.follows ? [] : this.host(maker).ready)),
      },
    );
  }

  private connect(
    name: string,
    registryAuth: readonly pulumi.Input<RegistryCredentials>[],
  ): SwarmProvider {
    const salt = new Key(`${name}-names`, {}, { parent: this }).salt;
    return new SwarmProvider(
      `${name}-provider`,
      {
        endpoints: this.makers.map((maker) => this.later(() => endpointOf(this.host(maker)))),
        salt,
        registryAuth,
        ...(this.settings.adopt === true ? { adopt: true } : {}),
      },
      // Machines that follow wait for nodes of this provider; any other manager will do.
      { parent: this, dependsOn: [...this.made.values()].flatMap(({ ready }) => ready) },
    );
  }

  private identify(
    name: string,
    first: Host,
    init: pulumi.Resource,
    isProtected: boolean,
  ): Cluster {
    return new Cluster(
      `${name}-cluster`,
      { firstManager: first.name, ...clusterSettings(this.settings) },
      {
        parent: this,
        provider: this.provider,
        dependsOn: [init],
        replaceWith: [init],
        deletedWith: goesWith(first).deletedWith,
        ...(isProtected ? { protect: true } : {}),
      },
    );
  }

  private joinAll(name: string, first: HostMaker): ReadonlyMap<string, Node> {
    const nodes = new Map<string, Node>();
    const others = this.makers.filter((maker) => maker !== first);
    const workers = others.filter(({ settings }) => settings.role === "worker");
    // Managers change one at a time, so that the swarm never loses more than one vote at once.
    let previous: Node | undefined;
    for (const maker of [first, ...others.filter((one) => !workers.includes(one)), ...workers]) {
      const after = previous === undefined ? [this.cluster] : [previous];
      const host = maker.follows ? this.make(maker, previous) : this.host(maker);
      const joined =
        maker === first ? undefined : this.join(`${name}-join-${host.name}`, host, after);
      const node = nodeOf(
        `${name}-node-${host.name}`,
        { host, settings: this.settings, joined, after },
        { ...this.bound(this, host), replaceWith: [this.cluster] },
      );
      nodes.set(host.name, node);
      if (host.settings.role === "manager") previous = node;
    }
    return nodes;
  }

  private join(name: string, host: Host, after: pulumi.Resource[]): pulumi.Resource {
    const { cluster, settings } = this;
    const opts = { parent: this, dependsOn: after, replaceWith: [cluster] };
    const ticket = this.needsTickets()
      ? ticketFor(`${name}-ticket`, host, { ...opts, provider: this.provider })
      : undefined;
    const managers = this.managersAt(this.managers());
    const withPorts = this.hasOwnAddresses();
    return joinCommand(name, { host, settings, cluster, managers, withPorts, ticket }, opts);
  }
}
