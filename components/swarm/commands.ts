import * as pulumi from "@pulumi/pulumi";
import type { SwarmSettings } from "../config/environment/environment";
import { type Host, staysInSwarm, wasMember } from "../hosts/host";
import { goesWith, remoteCommand } from "../hosts/remote";
import { type Cluster, Node, Ticket } from "../resources/resources";
import type { Answers } from "./engine-states";
import { initScript, joinScript, leaveScript } from "./scripts";

/** What an init needs. */
export interface InitArgs {
  readonly host: Host;
  readonly settings: SwarmSettings;
  /** Addresses of the other managers. */
  readonly others: pulumi.Output<string[]>;
  /** These addresses have ports. */
  readonly withPorts: boolean;
}

/** Makes a host the first manager of a new swarm. */
export function initCommand(
  name: string,
  { host, settings, others, withPorts }: InitArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { addresses } = host.settings;
  const answers = answersOf(host, settings);
  const { text, stdin } = initScript({ ...settings, addresses, withPorts, answers });
  const owner = `${pulumi.getProject()}/${pulumi.getStack()}`;
  const values = { address: host.privateAddress, others, owner };
  return remoteCommand(
    name,
    {
      host,
      create: text,
      stdin: pulumi.output(values).apply(stdin),
      ...leaving(host, settings, "init"),
    },
    opts,
  );
}

/** What a join needs. */
export interface JoinArgs {
  readonly host: Host;
  readonly settings: SwarmSettings;
  readonly cluster: Cluster;
  /** Addresses of all managers. */
  readonly managers: pulumi.Output<string[]>;
  /** Only the swarm knows at which addresses and ports its managers answer. */
  readonly withPorts: boolean;
  /** @default the cluster's token */
  readonly ticket?: Ticket | undefined;
}

/** Joins a host. */
export function joinCommand(
  name: string,
  { host, settings, cluster, managers, withPorts, ticket }: JoinArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { managerToken, workerToken } = cluster;
  const clusterToken = host.settings.role === "manager" ? managerToken : workerToken;
  const { text, stdin } = joinScript({
    addresses: host.settings.addresses,
    withPorts,
    answers: answersOf(host, settings),
  });
  const values = {
    swarm: cluster.id,
    address: host.privateAddress,
    managers:
      withPorts && ticket !== undefined ? ticket.managers.apply((all) => all.split(" ")) : managers,
    token: pulumi.secret(ticket?.joinToken ?? clusterToken),
  };
  return remoteCommand(
    name,
    {
      host,
      create: text,
      stdin: pulumi.output(values).apply(stdin),
      ...leaving(host, settings, "join"),
    },
    opts,
  );
}

/** What a host needs to join, read when it joins; a machine that is recreated gets a new ticket. */
export function ticketFor(
  name: string,
  host: Host,
  opts: pulumi.CustomResourceOptions & { readonly replaceWith: pulumi.Resource[] },
): Ticket {
  const { lifetime, settings } = host;
  const machine = lifetime.kind === "stack" ? lifetime.incarnation : lifetime.identity;
  const { replaceWith = [], ...going } = goesWith(host);
  return new Ticket(
    name,
    { host: host.name, role: settings.role, ...(machine === undefined ? {} : { machine }) },
    { ...opts, ...going, replaceWith: [...opts.replaceWith, ...replaceWith] },
  );
}

/** What a node needs. */
export interface NodeArgs {
  readonly host: Host;
  readonly settings: SwarmSettings;
  /** @default it is the first manager */
  readonly joined: pulumi.Resource | undefined;
  /** What must exist before it. */
  readonly after: readonly pulumi.Resource[];
}

/** A host as a node, with its role and labels. */
export function nodeOf(
  name: string,
  { host, settings, joined, after }: NodeArgs,
  opts: pulumi.CustomResourceOptions & { readonly replaceWith: pulumi.Resource[] },
): Node {
  const { lifetime } = host;
  const causes = [...(goesWith(host).replaceWith ?? []), ...(joined ? [joined] : [])];
  return new Node(
    name,
    {
      // Depends on the machine: when the machine is replaced, Pulumi loads the provider only for
      // resources that a property ties to the machine, and without the provider the node could not leave.
      node: lifetime.kind === "stack" ? lifetime.resource.urn.apply(() => host.name) : host.name,
      role: host.settings.role,
      labels: { ...host.settings.labels },
      drainTimeout: settings.drainTimeout,
      ...host.settings.addresses,
      ...(wasMember(host) ? { availability: "keep" as const } : {}),
      ...(staysInSwarm(host, settings) ? { stays: true } : {}),
    },
    {
      ...opts,
      dependsOn: [...host.ready, ...after, ...causes],
      replaceWith: [...opts.replaceWith, ...causes],
    },
  );
}

/** What may have put a machine's Docker engine into a swarm that is not this one. */
function answersOf(host: Host, { autolock }: SwarmSettings): Answers {
  const { lifetime } = host;
  if (wasMember(host)) return "adopt";
  if (lifetime.kind === "outlives") return "all";
  return autolock === true ? "locked" : "none";
}

function leaving(host: Host, settings: SwarmSettings, by: "init" | "join"): { delete?: string } {
  const stays = host.lifetime.kind === "stack" || staysInSwarm(host, settings);
  return stays ? {} : { delete: leaveScript(by) };
}
