import { BlockList, isIP } from "node:net";
import type { Refusal } from "../image";
import { type Capacity, type Holding, lackingRoom, type Reservation } from "./room";

/** What is known about a node before or after it exists. An undefined field is unknown and excludes nothing. */
export interface NodeDescription {
  readonly hostname: string;
  readonly id?: string;
  readonly role?: "manager" | "worker";
  /** IP address. */
  readonly address?: string;
  readonly labels: { readonly [key: string]: string };
  readonly engineLabels?: { readonly [key: string]: string };
  /** `linux`; `x86_64` or `amd64`, `aarch64` or `arm64`. */
  readonly platform?: { readonly os?: string; readonly architecture?: string };
  /** What it offers tasks: cores, bytes, and generic resources by kind (a missing kind counts as 0). */
  readonly resources?: Capacity;
  /** What tasks already hold of that, and its ports in use. @default [] */
  readonly holdings?: readonly Holding[];
  /** @default "active" */
  readonly availability?: "active" | "pause" | "drain";
  /** Such as `down`. @default "ready" */
  readonly state?: string;
}

/** What a service requires of a node. */
export interface Demand extends Reservation {
  readonly constraints?: readonly string[];
  /** Such as `linux/amd64`; one of them must be the node's. */
  readonly platforms?: readonly string[];
}

/** One placement constraint, parsed. */
export interface Constraint {
  readonly key: string;
  readonly operator: "==" | "!=";
  readonly value: string;
}

/** Which nodes fit, and what excluded each of the others. */
export interface Fit {
  readonly fitting: readonly NodeDescription[];
  readonly excluded: readonly { readonly node: NodeDescription; readonly reasons: string[] }[];
}

const KEY = /^[a-z_][a-z0-9\-_.]+$/i;
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;
const EXAMPLE = "for example `node.labels.db == true`";
const NODE_LABEL = "node.labels.";
const ENGINE_LABEL = "engine.labels.";
const FIXED_KEYS = [
  "node.id",
  "node.hostname",
  "node.ip",
  "node.role",
  "node.platform.os",
  "node.platform.arch",
];

/** Parses a constraint as swarm does, or says what is wrong with it. */
export function parseConstraint(text: string): Constraint | Refusal {
  const operator = text.includes("==") ? "==" : text.includes("!=") ? "!=" : undefined;
  if (operator === undefined) return missingOperator(text);
  const at = text.indexOf(operator);
  const key = text.slice(0, at).trim();
  const value = text.slice(at + operator.length).trim();
  if (!KEY.test(key) || !isKnownKey(key)) {
    const known = [...FIXED_KEYS, `${NODE_LABEL}<name>`, `${ENGINE_LABEL}<name>`].join(", ");
    return {
      wrong: `key "${key}" is not one that swarm knows (${known})`,
      fix: suggestKey(key, operator, value),
    };
  }
  if (!VALUE.test(value)) {
    return {
      wrong: `value "${value}" of ${key} is empty or has characters that swarm refuses`,
      fix: `${key} ${operator} <value> without quotes`,
    };
  }
  return { key, operator, value };
}

function missingOperator(text: string): Refusal {
  const wrong = 'needs "==" or "!="';
  const single = /^\s*([^=!<>~\s]+)\s*=\s*(\S.*)$/.exec(text);
  if (single !== null) return { wrong, fix: `${single[1]} == ${single[2]}` };
  const bare = text.trim();
  const fix = KEY.test(bare) && isKnownKey(bare) ? `${bare} == true` : EXAMPLE;
  return { wrong, fix };
}

function suggestKey(key: string, operator: string, value: string): string {
  const name = key.replace(/^(node\.)?(labels?)\./i, "");
  const fixed = FIXED_KEYS.find((known) => known === `node.${key.toLowerCase()}`);
  if (fixed !== undefined) return `${fixed} ${operator} ${value}`;
  return KEY.test(name) && !name.toLowerCase().startsWith("node.")
    ? `${NODE_LABEL}${name} ${operator} ${value}`
    : EXAMPLE;
}

function isKnownKey(key: string): boolean {
  const lower = key.toLowerCase();
  if (FIXED_KEYS.includes(lower)) return true;
  return [NODE_LABEL, ENGINE_LABEL].some((p) => lower.startsWith(p) && lower.length > p.length);
}

/** Whether a node meets a constraint; undefined when too little is known about the node. */
export function meets(constraint: Constraint, node: NodeDescription): boolean | undefined {
  const key = constraint.key.toLowerCase();
  if (key === "node.ip") return meetsAddress(constraint, node.address);
  const found = factOf(key, constraint.key, node);
  if (found === undefined) return undefined;
  const same = found.toLowerCase() === constraint.value.toLowerCase();
  return constraint.operator === "==" ? same : !same;
}

function factOf(lower: string, key: string, node: NodeDescription): string | undefined {
  if (lower === "node.id") return node.id;
  if (lower === "node.hostname") return node.hostname;
  if (lower === "node.role") return node.role;
  if (lower === "node.platform.os") return node.platform?.os;
  if (lower === "node.platform.arch") return unameArch(node.platform?.architecture);
  // Names of labels are case-sensitive, unlike their values; a missing label equals "".
  if (lower.startsWith(NODE_LABEL)) return node.labels[key.slice(NODE_LABEL.length)] ?? "";
  if (node.engineLabels === undefined) return undefined;
  return node.engineLabels[key.slice(ENGINE_LABEL.length)] ?? "";
}

function meetsAddress(constraint: Constraint, address: string | undefined): boolean | undefined {
  const [network = "", prefix] = constraint.value.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  const bits = prefix === undefined ? (family === "ipv6" ? 128 : 32) : Number(prefix);
  // Swarm excludes every node when the address is malformed.
  if (isIP(network) === 0 || !Number.isInteger(bits) || bits > (family === "ipv6" ? 128 : 32)) {
    return false;
  }
  if (address === undefined) return undefined;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  const within = isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return constraint.operator === "==" ? within : !within;
}

/** The name that a Docker engine reports for an architecture, which is what `node.platform.arch` compares. */
export function unameArch(architecture: string | undefined): string | undefined {
  const names: { readonly [key: string]: string } = { amd64: "x86_64", arm64: "aarch64" };
  return architecture === undefined ? undefined : (names[architecture] ?? architecture);
}

/** Which nodes fit a demand, and what excluded the others. */
export function findFit(demand: Demand, nodes: readonly NodeDescription[]): Fit {
  const checked = nodes.map((node) => ({ node, reasons: exclusions(demand, node) }));
  return {
    fitting: checked.filter(({ reasons }) => reasons.length === 0).map(({ node }) => node),
    excluded: checked.filter(({ reasons }) => reasons.length > 0),
  };
}

function exclusions(demand: Demand, node: NodeDescription): string[] {
  const { availability = "active", state = "ready", resources } = node;
  const reasons: string[] = [];
  if (state !== "ready") reasons.push(`the node is ${state}`);
  if (availability !== "active") reasons.push(`the node's availability is ${availability}`);
  for (const text of demand.constraints ?? []) {
    const constraint = parseConstraint(text);
    if ("wrong" in constraint) reasons.push(`${text}: ${constraint.wrong}`);
    else if (meets(constraint, node) === false) reasons.push(unmet(text, constraint, node));
  }
  const platforms = demand.platforms ?? [];
  if (platforms.length > 0 && !platforms.some((wanted) => offers(wanted, node))) {
    const { os = "?", architecture = "?" } = node.platform ?? {};
    reasons.push(`the image is for ${platforms.join(", ")}, the node is ${os}/${architecture}`);
  }
  reasons.push(...lackingRoom(demand, resources, node.holdings));
  return reasons;
}

function unmet(text: string, constraint: Constraint, node: NodeDescription): string {
  const key = constraint.key.toLowerCase();
  const found = key === "node.ip" ? node.address : factOf(key, constraint.key, node);
  const value = found === undefined ? "not known" : found === "" ? "not set" : `"${found}"`;
  return `constraint "${text}" is not met: ${constraint.key} is ${value}`;
}

function offers(wanted: string, node: NodeDescription): boolean {
  const [os = "", architecture = ""] = wanted.toLowerCase().split("/");
  const { platform } = node;
  const sameOs = os === "" || platform?.os === undefined || platform.os.toLowerCase() === os;
  const arch = unameArch(platform?.architecture?.toLowerCase());
  return sameOs && (architecture === "" || arch === undefined || arch === unameArch(architecture));
}

/** Says in a few lines why no node (or too few) fits; nodes with the same reasons are grouped. */
export function explainFit(found: Fit): string[] {
  const groups = new Map<string, string[]>();
  for (const { node, reasons } of found.excluded) {
    const key = reasons.join("; ");
    groups.set(key, [...(groups.get(key) ?? []), node.hostname]);
  }
  return [...groups].map(([reasons, hosts]) => `${shortened(hosts)}: ${reasons}`);
}

function shortened(hosts: readonly string[]): string {
  if (hosts.length <= 5) return hosts.join(", ");
  return `${hosts.slice(0, 4).join(", ")} and ${hosts.length - 4} more`;
}

/** Whether a spread preference names a property of nodes. Swarm spreads over labels and ignores everything else. */
export function isSpreadKey(key: string): boolean {
  return /^(node|engine)\.[a-z0-9\-_.]+$/i.test(key);
}
