import type { EngineClient } from "../../engine/client";
import { cause } from "../../engine/errors";
import type { JoinSpec, LiveNode } from "../../engine/live";
import { poll, threeTimes } from "../../engine/waiting";
import type { NodeInputs } from "../../model/kinds/membership";
import { managerPort } from "../../model/swarm-ports";
import { entriesOf, listNodes, oldEntries, type Place, placeOf } from "../../observe/place";
import type { KindContext } from "../context";
import { removeNode } from "./leave";

/** How long a node may take to join. */
const READY_TIMES = { timeoutMs: 60_000, everyMs: 500 };

type Wanted = Pick<NodeInputs, "node" | "role" | "advertise" | "listen" | "dataPath">;

/**
 * The host's entry in the swarm, once it is up. A host that lost its place joins again: its old entries
 * go first, so that managers never count a vote that is gone.
 *
 * @param nodeId the id that it had when it was last seen, if any
 * @throws when it is not up within a minute, or its Docker engine is in another swarm
 */
export async function awaitMember(
  wanted: Wanted,
  nodeId: string | undefined,
  context: KindContext,
): Promise<LiveNode> {
  let joined = false;
  let why = "";
  const member = await poll(context, READY_TIMES, async () => {
    const place = await placeOf(wanted.node, nodeId, context);
    if (place.kind === "member") return settled(place.node, wanted, joined);
    if (place.kind === "foreign" || place.kind === "locked") {
      throw new Error(`${wanted.node} cannot join the swarm: ${place.why}${ADVICE[place.kind]}`);
    }
    if (place.kind === "lost" && !joined) {
      context.log(`${wanted.node} joins the swarm again: ${place.why}`);
      await takeBack(wanted, place, nodeId, context);
      joined = true;
    }
    why = place.why;
    return undefined;
  });
  if (member !== undefined) return member;
  throw new Error(
    `the node ${wanted.node} was not ready within 60 s: ${why}; check that its machine and its Docker engine run, ` +
      "and that ports 2377/tcp, 7946/tcp+udp and 4789/udp are open between the hosts",
  );
}

/** A manager that has just joined counts once the others reach it: the next one must not join before. */
function settled(node: LiveNode, { role }: Wanted, joined: boolean): LiveNode | undefined {
  const counts = node.ManagerStatus?.Reachability === "reachable";
  return joined && role === "manager" && !counts ? undefined : node;
}

const ADVICE = {
  locked: "; run docker swarm unlock on it, then run up again",
  foreign:
    ". Nothing there was changed. If it may leave that swarm, run docker swarm leave on it, then run up again",
} as const;

async function takeBack(
  wanted: Wanted,
  { leaves }: Extract<Place, { kind: "lost" }>,
  nodeId: string | undefined,
  context: KindContext,
): Promise<void> {
  const entries = entriesOf(wanted.node, await listNodes(context));
  for (const entry of entries) {
    // Any other entry may be a living machine of the same name, which is only slow to answer.
    if (entry.ID === nodeId || entry.Status.State === "down") await removeNode(entry, context);
  }
  await joinSwarm(wanted, { leaves, entries }, context);
}

/** Joins a host's Docker engine through a manager that answers, drained until it has its labels. */
export async function joinSwarm(
  { node: host, role, advertise, listen, dataPath }: Wanted,
  { leaves, entries }: { readonly leaves: boolean; readonly entries: readonly LiveNode[] },
  context: KindContext,
): Promise<void> {
  const [docker, engine] = [await context.manager(), await context.node(host)];
  const { JoinTokens } = await docker.swarm();
  // One that was being promoted may be listed as a manager itself.
  const others = (await listNodes(context)).filter(
    ({ Description }) => Description.Hostname !== host,
  );
  const managers = others.flatMap(({ ManagerStatus }) => ManagerStatus ?? []);
  const reachable = managers.filter(({ Reachability }) => Reachability === "reachable");
  const [known] = entries.flatMap(addressOf);
  const address = advertise ?? known;
  if (leaves) await engine.leave({ force: true });
  const spec: JoinSpec = {
    ListenAddr: listen ?? `0.0.0.0:${managerPort}`,
    ...(dataPath === undefined ? {} : { DataPathAddr: dataPath }),
    // Without one, the managers take the address that it comes from.
    ...(address === undefined ? {} : { AdvertiseAddr: address }),
    Availability: "drain",
    RemoteAddrs: reachable.map(({ Addr = "" }) => Addr),
    JoinToken: role === "manager" ? JoinTokens.Manager : JoinTokens.Worker,
  };
  await joinPatiently(engine, spec, context);
}

/** The leader calls a manager back before it takes it, and one that starts slowly does not listen yet. */
const UNREACHED = /code = Unavailable|connection refused/;

async function joinPatiently(
  engine: EngineClient,
  spec: JoinSpec,
  context: KindContext,
): Promise<void> {
  const join = async (tried: number) => {
    if (tried > 1 && (await engine.info()).Swarm?.LocalNodeState !== "inactive") {
      await engine.leave({ force: true });
    }
    await engine.join(spec);
  };
  await threeTimes(context, join, (error) => {
    const again = UNREACHED.test(cause(error));
    if (again) context.log(`tries again to join: ${cause(error)}`);
    return again;
  });
}

/** Where the others reached a node; a manager's own state says 127.0.0.1 or 0.0.0.0. */
function addressOf({ Status, ManagerStatus }: LiveNode): string[] {
  const all = [Status.Addr ?? "", (ManagerStatus?.Addr ?? "").replace(/:\d+$/, "")];
  return all.filter((one) => one !== "" && !/^(127\.|0\.0\.0\.0$)/.test(one));
}

/** Removes entries that the host left behind, once the swarm knows that they are dead. */
export async function removeOldEntries(current: LiveNode, context: KindContext): Promise<void> {
  const host = current.Description.Hostname;
  const removed = await poll(context, { timeoutMs: 30_000, everyMs: 1_000 }, async () => {
    const nodes = await listNodes(context);
    const others = entriesOf(host, nodes).filter(({ ID }) => ID !== current.ID);
    const dead = oldEntries(current, nodes);
    for (const node of dead) await removeNode(node, context);
    return dead.length === others.length || undefined;
  });
  if (removed === undefined) {
    context.warn(`the swarm has another living node with the hostname ${host}; rename one of them`);
  }
}
