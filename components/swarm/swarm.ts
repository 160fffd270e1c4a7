import * as pulumi from "@pulumi/pulumi";
import type { SwarmSettings } from "../config/environment/environment";
import type { Endpoint, RegistryCredentials } from "../engine/endpoints";
import type { Host } from "../hosts/host";
import { remoteCommand } from "../hosts/remote";
import { Cluster, Key, Node, SwarmProvider } from "../resources/resources";
import { endpointOf } from "./endpoints";
import { initScript, joinScript, leaveScript } from "./scripts";

/** Arguments of a Swarm. */
export interface SwarmArgs {
  readonly hosts: readonly Host[];
  readonly settings: SwarmSettings;
  /** Logins that services carry to the nodes that pull their images. @default none */
  readonly registryAuth?: readonly pulumi.Input<RegistryCredentials>[];
}

/**
 * Makes one swarm of hosts: init on the first manager, join on the others, then every node as a
 * resource with its role and labels before tasks land on it.
 *
 * @example
 * const swarm = new Swarm("swarm", { hosts, settings: environment.swarm });
 * new Network("frontend", { name: "frontend" }, swarm.on(parent));
 */
export class Swarm extends pulumi.ComponentResource {
  /** Reaches the swarm through any manager. */
  public readonly provider: SwarmProvider;
  /** The swarm's identity; what is on the swarm goes and is made anew with it. */
  public readonly cluster: Cluster;
  /** One per host; all labels are set and the node takes tasks. */
  public readonly nodes: ReadonlyMap<string, Node>;
  /** How to reach each host, for tools; a secret. */
  public readonly endpoints: pulumi.Output<Endpoint[]>;
  public readonly hosts: readonly Host[];
  public readonly settings: SwarmSettings;

  constructor(name: string, args: SwarmArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:swarm:Swarm", name, {}, opts);
    this.hosts = args.hosts;
    this.settings = args.settings;
    this.endpoints = pulumi.secret(pulumi.all(args.hosts.map(endpointOf)));
    const first = this.firstManager();

    const init = this.init(first, name);
    this.provider = this.connect(name, args.registryAuth ?? []);
    this.cluster = this.identify(name, first, init);
    this.nodes = this.joinAll(name, first);
    this.registerOutputs({ swarmId: this.cluster.id });
  }

  /** Options that every object on the swarm must carry, `nodes` being up with their labels. */
  public on(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    return { ...this.bound(parent), dependsOn: [...this.nodes.values()] };
  }

  private bound(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    return {
      parent,
      provider: this.provider,
      replaceWith: [this.cluster],
      // Machines that outlive the stack keep their swarm; there every object is deleted by itself.
      ...(this.hosts.every((host) => host.ephemeral) ? { deletedWith: this.cluster } : {}),
    };
  }

  private firstManager(): Host {
    const first = this.hosts.find((host) => host.name === this.settings.firstManager);
    if (first === undefined) {
      throw new pulumi.RunError(
        `swarmyard:swarm.firstManager is ${this.settings.firstManager}, which is no host; hosts are ${this.hosts
          .map((host) => host.name)
          .join(", ")}.`,
      );
    }
    return first;
  }

  private init(first: Host, name: string): pulumi.Resource {
    const others = this.hosts.filter((host) => host.settings.role === "manager" && host !== first);
    const together = others.filter((host) => host.follow === undefined);
    const addresses = pulumi.all(others.map((host) => host.privateAddress));
    return remoteCommand(
      `${name}-init`,
      {
        host: first,
        create: initScript(this.settings.addressPools),
        stdin: pulumi.interpolate`${first.privateAddress}\n${addresses.apply((list) => list.join(" "))}\n`,
        ...this.leaving(first),
      },
      // The first manager may be named anew; then the engine that it names is in the swarm already.
      {
        parent: this,
        dependsOn: together.flatMap((host) => host.ready),
      },
    );
  }

  private connect(
    name: string,
    registryAuth: readonly pulumi.Input<RegistryCredentials>[],
  ): SwarmProvider {
    // Machines that wait for the node before them cannot be waited for here; any manager will do.
    const together = this.hosts.filter((host) => host.follow === undefined);
    const salt = new Key(`${name}-names`, {}, { parent: this }).salt;
    return new SwarmProvider(
      `${name}-provider`,
      {
        endpoints: this.hosts.map(endpointOf),
        salt,
        registryAuth,
      },
      { parent: this, dependsOn: together.flatMap((host) => host.ready) },
    );
  }

  private identify(name: string, first: Host, init: pulumi.Resource): Cluster {
    return new Cluster(
      `${name}-cluster`,
      { firstManager: first.name },
      {
        parent: this,
        provider: this.provider,
        dependsOn: [init],
        replaceWith: [init],
        deletedWith: first.ephemeral ? first.machine : undefined,
      },
    );
  }

  private joinAll(name: string, first: Host): ReadonlyMap<string, Node> {
    const nodes = new Map<string, Node>();
    // Managers change one at a time, so that the swarm never loses more than one vote at once.
    let previous: Node | undefined;
    const managersFirst = [
      first,
      ...this.hosts.filter((host) => host !== first && host.settings.role === "manager"),
      ...this.hosts.filter((host) => host.settings.role === "worker"),
    ];
    for (const host of managersFirst) {
      const after = previous === undefined ? [this.cluster] : [previous];
      if (previous !== undefined) host.follow?.(previous);
      const joined =
        host === first ? undefined : this.join(`${name}-join-${host.name}`, host, after);
      const node = this.node(`${name}-node-${host.name}`, host, joined, after);
      nodes.set(host.name, node);
      if (host.settings.role === "manager") previous = node;
    }
    return nodes;
  }

  private join(name: string, host: Host, after: pulumi.Resource[]): pulumi.Resource {
    const { managerToken, workerToken } = this.cluster;
    const token = host.settings.role === "manager" ? managerToken : workerToken;
    const managers = this.hosts.filter((other) => other.settings.role === "manager");
    const addresses = pulumi.all(managers.map((manager) => manager.privateAddress));
    const stdin = pulumi.interpolate`${this.cluster.id}\n${host.privateAddress}\n${addresses.apply(
      (list) => list.join(" "),
    )}\n${pulumi.secret(token)}\n`;
    return remoteCommand(
      name,
      { host, create: joinScript(), stdin, ...this.leaving(host) },
      {
        parent: this,
        dependsOn: after,
        replaceWith: [this.cluster],
      },
    );
  }

  private leaving(host: Host): { delete?: string } {
    return host.ephemeral ? {} : { delete: leaveScript() };
  }

  private node(
    name: string,
    host: Host,
    joined: pulumi.Resource | undefined,
    after: pulumi.Resource[],
  ): Node {
    const bound = this.bound(this);
    return new Node(
      name,
      {
        // Leads to the machine: when that is replaced, the engine loads the provider of what goes with
        // it only for what a property binds to it, and without the provider the node could not leave.
        node: host.machine.urn.apply(() => host.name),
        role: host.settings.role,
        labels: { ...host.settings.labels },
        drainTimeout: this.settings.drainTimeout,
      },
      {
        ...bound,
        dependsOn: [host.machine, ...host.ready, ...after, ...(joined ? [joined] : [])],
        replaceWith: [this.cluster, host.machine, ...(joined ? [joined] : [])],
      },
    );
  }
}
