import type { EngineClient } from "../../components/engine/client";
import type { LiveNode, LiveTask, NodeSpec } from "../../components/engine/live";
import { connect, type Transport } from "../../components/engine/transport";
import { poll } from "../../components/engine/waiting";
import { milliseconds } from "../../components/model/quantities";
import type { Arguments } from "../arguments";
import type { Step } from "../report/destruction";
import { hintsFor } from "../report/hints";
import { readOutputs, requireEndpoints } from "../report/outputs";
import { type HostUpgrade, hostUpgrades, newImages, upgradeOrder } from "../report/upgrades";
import { Exit, Failure } from "../setup/failure";
import { interruption } from "../setup/interruption";
import { lastLetters, lastLines } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { openStack, up } from "./up";

/** How long the tasks of a node may take to end. */
const DRAIN_MS = milliseconds("2m");
/** How long a node may take to be back with its new Docker engine. */
const BACK_MS = milliseconds("2m");
/** How long a task may take to run again elsewhere before the next node is drained. */
const SETTLE_MS = milliseconds("2m");
/** States of a task that still has, or may get, a container. */
const ALIVE = ["assigned", "accepted", "preparing", "ready", "starting", "running"];

/**
 * Gives hosts on this machine the Docker engine that the environment file states, one after the other: each
 * is drained, gets its new container on the data that it has, and takes tasks again.
 */
export async function upgrade(args: Arguments, progress: Progress): Promise<void> {
  const { stack: name } = args;
  const session = await openSession(name, progress);
  await openStack(session);
  const steps = await plannedSteps(session);
  const upgrades = hostUpgrades(steps);
  if (upgrades.length === 0) {
    progress.line("Every host has the Docker engine that the environment file states.");
    return;
  }
  const endpoints = requireEndpoints(await readOutputs(session.stack), name);
  const nodes = await withManager(endpoints, (manager) => manager.nodes.list());
  for (const one of upgradeOrder(upgrades, nodes)) {
    await progress.during(`draining ${one.host}`, () =>
      withTransport(endpoints, (transport) => drain(transport, one.host)),
    );
    await replace(session, one, newImages(steps));
    await progress.during(`waiting for ${one.host}`, () =>
      withTransport(endpoints, (transport) => back(transport, one.host)),
    );
    progress.line(`${one.host} is back.`);
  }
  await up({ ...args, rest: [] }, progress);
}

type Endpoints = Parameters<typeof connect>[0];

async function withTransport<T>(
  endpoints: Endpoints,
  work: (transport: Transport) => Promise<T>,
): Promise<T> {
  // A new one for each step: the hosts' connections end with their containers.
  const transport = connect(endpoints);
  try {
    return await work(transport);
  } finally {
    transport.close();
  }
}

function withManager<T>(
  endpoints: Endpoints,
  work: (manager: EngineClient) => Promise<T>,
): Promise<T> {
  return withTransport(endpoints, async (transport) => work(await transport.manager()));
}

async function plannedSteps({ stack, progress }: Session): Promise<readonly Step[]> {
  const { status, stdout, stderr } = await progress.during(`comparing ${stack.name}`, () =>
    stack.previewJson(),
  );
  if (status !== 0) {
    throw new Failure(`The preview of ${stack.name} failed.`, lastLines(stderr || stdout, 20));
  }
  return JSON.parse(stdout).steps ?? [];
}

/** Lets the tasks of a node end, and those that took their place run. */
async function drain(transport: Transport, host: string): Promise<void> {
  const manager = await transport.manager();
  const node = await nodeOf(manager, host);
  await setAvailability(manager, node.ID, "drain");
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

/** Recreates a host's container, and nothing else. */
async function replace(
  { stack, progress }: Session,
  { host, targets }: HostUpgrade,
  images: readonly string[],
): Promise<void> {
  const urns = [...images, ...targets].flatMap((urn) => ["--target", urn]);
  let said = "";
  const watch = (text: string) => {
    said = lastLetters(said + text);
  };
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", ...urns];
  const status = await stack.show(`upgrading ${host}`, args, { watch });
  if (status === 0) return;
  for (const hint of hintsFor(said, stack.name)) progress.line(hint);
  progress.line(`${host} is drained. To go on, run: npm run upgrade -- -s ${stack.name}`);
  throw new Exit(status);
}

/** Waits until the swarm sees a node's new Docker engine, and lets it take tasks. */
async function back(transport: Transport, host: string): Promise<void> {
  const own = await (await transport.node(host)).version();
  const manager = await transport.manager();
  const found = await poll(context(), { timeoutMs: BACK_MS, everyMs: 500 }, async () => {
    const node = await nodeOf(manager, host);
    const { State } = node.Status;
    const reachable = (node.ManagerStatus?.Reachability ?? "reachable") === "reachable";
    const same = node.Description.Engine?.EngineVersion === own.Version;
    return State === "ready" && reachable && same ? node : undefined;
  });
  if (found === undefined) {
    throw new Failure(`${host} was not ready within 2 minutes after its upgrade.`);
  }
  await setAvailability(manager, found.ID, "active");
}

async function nodeOf(manager: EngineClient, host: string): Promise<LiveNode> {
  const same = (await manager.nodes.list()).filter(
    ({ Description }) => Description.Hostname === host,
  );
  const node = same.find(({ Status }) => Status.State === "ready") ?? same[0];
  if (node === undefined) throw new Failure(`The swarm has no node ${host}.`);
  return node;
}

async function setAvailability(
  manager: EngineClient,
  id: string,
  Availability: NodeSpec["Availability"],
): Promise<void> {
  const { Version, Spec } = await manager.nodes.inspect(id);
  await manager.nodes.update(id, Version.Index, { ...Spec, Availability });
}

const stateOf = ({ Status }: LiveTask) => Status?.State ?? "";

const context = () => ({ signal: interruption.signal });
