import type { SwarmAccess } from "../engine/access";
import { within } from "../engine/deadline";
import { cause } from "../engine/errors";
import type { EngineInfo, LiveNode } from "../engine/live";

/** How long a host's Docker engine may take to say where it belongs. */
const ANSWER_MS = 20_000;

/** How a host stands to the swarm that it was put in. */
export type Place =
  /** The swarm sees it as up. */
  | { readonly kind: "member"; readonly node: LiveNode }
  /** It is no longer in the swarm, and may join again. */
  | {
      readonly kind: "lost";
      readonly why: string;
      /** Its Docker engine still holds on to the swarm, and must leave it first. */
      readonly leaves: boolean;
    }
  /** Its Docker engine is in a swarm that is not ours, or waits for the key of its swarm: it is left alone. */
  | { readonly kind: "foreign" | "locked"; readonly why: string }
  /** It has its place, or nobody can tell: it is down, starts, or does not answer. */
  | { readonly kind: "away"; readonly why: string };

/** All nodes of the swarm. */
export async function listNodes(access: SwarmAccess): Promise<LiveNode[]> {
  return await (await access.manager()).nodes.list();
}

/** True when the swarm sees the node as up. */
export function isReady(node: LiveNode): boolean {
  return node.Status.State === "ready";
}

/** The swarm's entries of a host, the newest first. */
export function entriesOf(host: string, nodes: readonly LiveNode[]): readonly LiveNode[] {
  return nodes
    .filter(({ Description }) => Description.Hostname === host)
    .sort((one, other) => other.CreatedAt.localeCompare(one.CreatedAt));
}

/** Entries that a host left behind: down, while another entry of it is up, or all of them are. Pure. */
export function oldEntries(current: LiveNode, nodes: readonly LiveNode[]): readonly LiveNode[] {
  return entriesOf(current.Description.Hostname, nodes).filter(
    ({ ID, Status }) => ID !== current.ID && Status.State === "down",
  );
}

/**
 * How a host stands to the swarm. Asks the host's Docker engine where the swarm does not see it as up.
 *
 * @param nodeId the id that it had when it was last seen, if any
 * @throws NoManagerError when no manager answers
 */
export async function placeOf(
  host: string,
  nodeId: string | undefined,
  access: SwarmAccess,
): Promise<Place> {
  const ready = entriesOf(host, await listNodes(access)).filter(isReady);
  const node = ready.find(({ ID }) => ID === nodeId) ?? ready[0];
  if (node !== undefined) return { kind: "member", node };
  if (!access.nodes.includes(host)) return { kind: "away", why: "the provider cannot reach it" };
  try {
    const late = `its Docker engine did not answer within ${ANSWER_MS / 1000} s`;
    const engine = await access.node(host);
    const { Swarm = {} } = await within(engine.info(), ANSWER_MS, late);
    // Listed after the Docker engine answered: what has just joined is in the list.
    return judgePlace(Swarm, await listNodes(access), nodeId);
  } catch (error) {
    if (access.signal.aborted) throw error;
    return { kind: "away", why: cause(error) };
  }
}

/** What a host's Docker engine says about itself, seen beside the swarm's nodes. Pure. */
export function judgePlace(
  engine: NonNullable<EngineInfo["Swarm"]>,
  nodes: readonly LiveNode[],
  nodeId: string | undefined,
): Place {
  const { LocalNodeState: state = "unknown", NodeID: id = "", Error: trouble = "" } = engine;
  const managers = engine.RemoteManagers ?? [];
  const away = (why: string): Place => ({ kind: "away", why });
  if (state === "inactive") {
    return { kind: "lost", why: "its Docker engine is not in a swarm", leaves: false };
  }
  if (state === "locked") return { kind: "locked", why: "its swarm is locked" };
  const entry = nodes.find(({ ID }) => ID === id);
  if (entry !== undefined) {
    return away(
      `the swarm sees it as ${entry.Status.State}${trouble === "" ? "" : `: ${trouble}`}`,
    );
  }
  if (id === "") return away(`its Docker engine's swarm state is ${state} ${trouble}`.trim());
  const known = new Set(nodes.map(({ ID }) => ID));
  if (id === nodeId || managers.some(({ NodeID = "" }) => known.has(NodeID))) {
    return { kind: "lost", why: "it was removed from the swarm", leaves: true };
  }
  const where = managers.flatMap(({ Addr = "" }) => (Addr === "" ? [] : [Addr])).join(", ");
  return {
    kind: "foreign",
    why: `its Docker engine is in another swarm${where === "" ? "" : ` (managers at ${where})`}`,
  };
}
