import type { EngineClient } from "../../components/engine/client";
import type { Endpoint } from "../../components/engine/endpoints";
import { cause, isNotFound } from "../../components/engine/errors";
import type { LiveNode, LiveTask, NodeSpec } from "../../components/engine/live";
import { connect, type Transport } from "../../components/engine/transport";
import { poll, writeInTurn } from "../../components/engine/waiting";
import { milliseconds } from "../../components/model/quantities";
import { Failure } from "../setup/failure";
import { interruption } from "../setup/interruption";
import { drained, restored } from "./availability";
import { managersMissed } from "./order";

/** How long the tasks of a node may take to end. */
const DRAIN_MS = milliseconds("2m");
/** How long a node may take to be back with its new Docker engine. */
const BACK_MS = milliseconds("2m");
/** How long a task may take to run again elsewhere before the next node is drained. */
const SETTLE_MS = milliseconds("2m");
/** States of a task that still has, or may get, a container. */
const ALIVE = ["assigned", "accepted", "preparing", "ready", "starting", "running"];

/** Works with the swarm over connections of its own: those of before end with the hosts' Docker engines. */
export async function withSwarm<T>(
  endpoints: readonly Endpoint[],
  work: (transport: Transport) => Promise<T>,
): Promise<T> {
  const transport = connect(endpoints);
  try {
    return await work(transport);
  } finally {
    transport.close();
  }
}

/** @throws Failure when the other managers could not go on without it */
export async function requireMajority(transport: Transport, host: string): Promise<void> {
  const manager = await transport.manager();
  let missed: readonly string[] = [];
  // The one before may have just come back.
  await poll(context(), { timeoutMs: BACK_MS, everyMs: 1_000 }, async () => {
    missed = managersMissed(host, await manager.nodes.list());
    return missed.length === 0 || undefined;
  });
  if (missed.length === 0) return;
  throw new Failure(
    `${host} was left as it is: without it the swarm would lose the majority of its managers, because ${missed.join(" and ")} cannot be reached.`,
    "Bring those back first: npm run up says what is wrong with them.",
  );
}

/** Lets the tasks of a node end, and those that took their place run. */
export async function drain(transport: Transport, host: string): Promise<void> {
  const manager = await transport.manager();
  const node = await nodeOf(manager, host);
  await change(manager, node.ID, drained);
  const empty = await poll(context(), { timeoutMs: DRAIN_MS, everyMs: 500 }, async () => {
    const tasks = await manager.tasks.list({ node: [node.ID] });
    return !tasks.some((task) => ALIVE.includes(stateOf(task))) || undefined;
  });
  if (empty === undefined) {
    throw new Failure(`Tasks still run on ${host} after 2 minutes.`);
  }
  await settled(manager);
}

/** Waits until every task that should run does, as far as there is room for it. */
async function settled(manager: EngineClient): Promise<void> {
  await poll(context(), { timeoutMs: SETTLE_MS, everyMs: 500 }, async () => {
    const tasks = await manager.tasks.list({ "desired-state": ["running"] });
    const placed = tasks.map(stateOf).filter((state) => ALIVE.includes(state));
    return placed.every((state) => state === "running") || undefined;
  });
}

/** Waits until the swarm sees a node's new Docker engine, and lets it take tasks as before. */
export async function back(transport: Transport, host: string): Promise<void> {
  let reason = "";
  const found = await poll(context(), { timeoutMs: BACK_MS, everyMs: 500 }, async () => {
    try {
      const own = await (await transport.node(host)).version();
      const node = await nodeOf(await transport.manager(), host);
      return isBack(node, own.Version) ? node : undefined;
    } catch (error) {
      // It has just started, and with it perhaps the only manager.
      if (isNotFound(error)) throw error;
      reason = cause(error);
      return undefined;
    }
  });
  if (found === undefined) {
    throw new Failure(
      `${host} was not ready within 2 minutes after its upgrade. ${reason}`.trim(),
      "Once it is, run this command again: it lets the node take tasks.",
    );
  }
  await restore(transport, host);
}

/** Gives a node what it was before it was drained. */
export async function restore(transport: Transport, host: string): Promise<void> {
  const manager = await transport.manager();
  await change(manager, (await nodeOf(manager, host)).ID, restored);
}

/** Whether the swarm sees a node with this version of the Docker engine. Pure. */
export function isBack(
  { Status, ManagerStatus, Description }: LiveNode,
  version: string | undefined,
): boolean {
  const reachable = (ManagerStatus?.Reachability ?? "reachable") === "reachable";
  return Status.State === "ready" && reachable && Description.Engine?.EngineVersion === version;
}

async function nodeOf(manager: EngineClient, host: string): Promise<LiveNode> {
  const same = (await manager.nodes.list()).filter(
    ({ Description }) => Description.Hostname === host,
  );
  const node = same.find(({ Status }) => Status.State === "ready") ?? same[0];
  if (node === undefined) throw new Failure(`The swarm has no node ${host}.`);
  return node;
}

async function change(
  manager: EngineClient,
  id: string,
  to: (spec: NodeSpec) => NodeSpec,
): Promise<void> {
  const done = await writeInTurn(context(), async () => {
    const { Version, Spec } = await manager.nodes.inspect(id);
    await manager.nodes.update(id, Version.Index, to(Spec));
    return true;
  });
  if (done === undefined) throw new Failure(`The node ${id} kept changing for ten seconds.`);
}

const stateOf = ({ Status }: LiveTask) => Status?.State ?? "";

const context = () => ({ signal: interruption.signal });
