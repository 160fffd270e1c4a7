import type { LiveNode } from "../../components/engine/live";
import { visibleLabels } from "../../components/model/ownership";

/** How a machine was reached. */
export interface Reached {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
}

/** A machine as the environment file has it. */
export interface MachineText {
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly hostKey?: string;
  readonly privateAddress?: string;
  readonly nodeName?: string;
}

/** Machines with the same role, labels and resources. */
export interface GroupText {
  readonly role?: "manager";
  readonly labels?: { readonly [key: string]: string };
  readonly resources?: { readonly [kind: string]: number };
  readonly user?: string;
  readonly port?: number;
  readonly machines: { readonly [name: string]: MachineText };
}

/** The machines of a swarm, in groups by what they have in common. */
export interface Machines {
  readonly groups: { readonly [name: string]: GroupText };
  /** The leader, or the manager that comes first. */
  readonly firstManager: string;
  /** What somebody has to look at. */
  readonly notes: readonly string[];
}

const labelKey = /^[a-zA-Z0-9][\w./-]*$/;

/**
 * The groups of an environment file for the nodes of a swarm. Pure.
 *
 * @param reached machines that were connected to, by the id of their node
 * @param login user and port of machines that were not
 */
export function machinesOf(
  nodes: readonly LiveNode[],
  reached: ReadonlyMap<string, Reached>,
  login: { readonly user: string; readonly port: number },
): Machines {
  const notes: string[] = [];
  const groups: Record<string, GroupText & { machines: Record<string, MachineText> }> = {};
  const known = new Map<string, string>();
  const taken = new Set<string>();
  const sorted = [...nodes].sort((a, b) => hostnameOf(a).localeCompare(hostnameOf(b)));
  for (const node of [...sorted.filter(isManager), ...sorted.filter((one) => !isManager(one))]) {
    const labels = labelsOf(node, notes);
    const resources = resourcesOf(node);
    const alike = JSON.stringify([node.Spec.Role, Object.entries(labels).sort(), resources]);
    const name = known.get(alike) ?? fresh(groupName(node, labels), Object.keys(groups));
    known.set(alike, name);
    groups[name] ??= {
      ...(isManager(node) ? { role: "manager" as const } : {}),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(resources).length === 0 ? {} : { resources }),
      ...(login.user === "root" ? {} : { user: login.user }),
      ...(login.port === 22 ? {} : { port: login.port }),
      machines: {},
    };
    const machine = fresh(machineName(hostnameOf(node)), taken);
    taken.add(machine);
    groups[name].machines[machine] = machineOf(node, machine, reached.get(node.ID), login, notes);
  }
  const managers = sorted.filter(isManager);
  const first = managers.find(({ ManagerStatus }) => ManagerStatus?.Leader === true) ?? managers[0];
  return { groups, firstManager: first === undefined ? "" : hostnameOf(first), notes };
}

function isManager({ Spec }: LiveNode): boolean {
  return Spec.Role === "manager";
}

function hostnameOf({ Description }: LiveNode): string {
  return Description.Hostname;
}

function labelsOf(node: LiveNode, notes: string[]): { readonly [key: string]: string } {
  const all = Object.entries(visibleLabels(node.Spec.Labels));
  for (const [key] of all.filter(([one]) => !labelKey.test(one))) {
    notes.push(
      `${hostnameOf(node)}: its label ${key} has a name that an environment file cannot have; up would remove it`,
    );
  }
  return Object.fromEntries(all.filter(([key]) => labelKey.test(key)).sort());
}

function resourcesOf({ Description }: LiveNode): { readonly [kind: string]: number } {
  const counts: Record<string, number> = {};
  for (const { DiscreteResourceSpec, NamedResourceSpec } of Description.Resources
    ?.GenericResources ?? []) {
    const { Kind = "", Value = 1 } = DiscreteResourceSpec ?? { Kind: NamedResourceSpec?.Kind };
    counts[Kind] = (counts[Kind] ?? 0) + Value;
  }
  return counts;
}

function machineOf(
  node: LiveNode,
  name: string,
  reached: Reached | undefined,
  login: { readonly user: string; readonly port: number },
  notes: string[],
): MachineText {
  const hostname = hostnameOf(node);
  const inside = insideOf(node);
  const address = reached?.address ?? inside ?? hostname;
  if (node.Status.State !== "ready") {
    notes.push(
      `${hostname} is ${node.Status.State}: start it, or remove its entry with docker node rm ${node.ID}, before up`,
    );
  }
  if (reached === undefined) {
    notes.push(
      `${hostname}: its address ${address} is what the swarm says; correct it if this machine reaches it elsewhere, or name it: npm run adopt -- … <address>`,
    );
  }
  return {
    address,
    ...(reached === undefined || reached.port === login.port ? {} : { port: reached.port }),
    ...(reached === undefined || reached.user === login.user ? {} : { user: reached.user }),
    ...(reached === undefined ? {} : { hostKey: reached.hostKey }),
    ...(inside === undefined || inside === address ? {} : { privateAddress: inside }),
    ...(hostname === name ? {} : { nodeName: hostname }),
  };
}

/** Where the other nodes reach a node; a manager's own state may say 127.0.0.1 or 0.0.0.0. */
function insideOf({ Status, ManagerStatus }: LiveNode): string | undefined {
  const all = [Status.Addr ?? "", (ManagerStatus?.Addr ?? "").replace(/:\d+$/, "")];
  return all.find((one) => /^\d+(\.\d+){3}$/.test(one) && !/^(127\.|0\.0\.0\.0$)/.test(one));
}

function groupName(node: LiveNode, labels: { readonly [key: string]: string }): string {
  const role = isManager(node) ? "managers" : "workers";
  const words = Object.entries(labels).map(([key, value]) => (value === "true" ? key : value));
  const said = words.join("-").toLowerCase();
  const short = said.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return short === "" || short.length > 30 ? role : `${role}-${short}`;
}

/** A hostname as the name of a machine in the file. */
function machineName(hostname: string): string {
  const plain = hostname.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.slice(0, 60).replace(/^-+|-+$/g, "") || "machine";
}

/** A name that is not taken yet. */
export function fresh(name: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  if (!all.has(name)) return name;
  for (let n = 2; ; n += 1) if (!all.has(`${name}-${n}`)) return `${name}-${n}`;
}
