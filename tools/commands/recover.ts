import type { Endpoint } from "../../components/engine/endpoints";
import { cause, isOutOfSequence } from "../../components/engine/errors";
import { connect, type Transport } from "../../components/engine/transport";
import { poll, threeTimes } from "../../components/engine/waiting";
import { managerPort } from "../../components/model/swarm-ports";
import type { Arguments } from "../arguments";
import { type Candidate, machinesOf, newestFirst, planLines } from "../recover/newest";
import { type ManagerState, readState, readStateScript } from "../recover/raft-log";
import { readOutputs, requireEndpoints } from "../report/outputs";
import { writeSshFiles } from "../report/ssh-files";
import { requireName } from "../setup/ask";
import { Failure } from "../setup/failure";
import { interruption } from "../setup/interruption";
import { must } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openSession } from "../setup/session";
import { wake } from "../setup/wake";
import { refresh } from "./refresh";
import { openStack, up } from "./up";

/** How long a manager may take to become the leader of itself, and another to join it. */
const TIMES = { timeoutMs: 90_000, everyMs: 1_000 };

/**
 * Brings back a swarm whose managers have lost their majority: the one with the newest log goes on
 * alone, the others join it again, machines that do not answer are replaced, and `refresh` and `up` give
 * all of them their labels.
 *
 * @throws Failure when a leader exists, or no manager's log can be read
 */
export async function recover(args: Arguments, progress: Progress): Promise<void> {
  const { stack: name } = args;
  const session = await openSession(name, progress);
  await openStack(session);
  if (session.stack.local) await wake(session.owner, name, progress);
  const endpoints = requireEndpoints(await readOutputs(session.stack), name);
  const managers = endpoints.filter(({ role }) => role === "manager");
  const config = writeSshFiles(session.folders, name, endpoints);
  const transport = connect(endpoints);
  let lost: readonly string[] = [];
  try {
    await progress.during("looking for a leader", () => refuseLeader(transport, name));
    const { candidates, silent } = await progress.during("reading the managers' logs", () =>
      readLogs(managers, config, progress),
    );
    lost = silent;
    const order = newestFirst(candidates);
    for (const line of planLines(order, silent)) progress.line(line);
    if (order.length === 0) {
      throw new Failure(`No manager's log can be read: ${silent.join(", ")} do not answer.`);
    }
    if (args.yes !== true) await requireName(name, `npm run recover -- -s ${name} --yes`);
    await progress.during("recovering the swarm", () => rebuild(transport, order, progress));
  } finally {
    transport.close();
  }
  const again = { ...args, yes: true, rest: [] };
  if (lost.length > 0) {
    const resources = (await session.stack.peek()).deployment?.resources ?? [];
    const replaced = machinesOf(lost, resources).flatMap((urn) => ["--replace", urn]);
    await up({ ...again, rest: replaced }, progress);
  }
  await refresh(again, progress);
  await up(again, progress);
}

/** @throws Failure when the swarm has a leader */
async function refuseLeader(transport: Transport, name: string): Promise<void> {
  const led = await writes(transport).catch(() => false);
  if (led) {
    throw new Failure(
      "The swarm has a leader: there is nothing to recover, and nothing was changed.",
      `For nodes that are down, run: npm run up -- -s ${name}`,
    );
  }
}

/**
 * Whether the managers agree on a change: a node's spec is written as it is. One that has just lost the others
 * still calls itself the leader, and answers from its own copy.
 */
async function writes(transport: Transport): Promise<boolean> {
  const manager = await transport.manager();
  const [node] = await manager.nodes.list();
  if (node === undefined) return false;
  try {
    await manager.nodes.update(node.ID, node.Version.Index, node.Spec);
  } catch (error) {
    // Somebody else has just changed it, which takes a leader.
    if (!isOutOfSequence(error)) throw error;
  }
  return true;
}

/** Logs of the managers that answer over SSH. */
async function readLogs(
  managers: readonly Endpoint[],
  config: string,
  progress: Progress,
): Promise<{ readonly candidates: readonly Candidate[]; readonly silent: readonly string[] }> {
  const candidates: Candidate[] = [];
  const silent: string[] = [];
  await Promise.all(
    managers.map(async ({ name }) => {
      try {
        candidates.push({ name, ...(await readLog(name, config)) });
      } catch (error) {
        interruption.throwIfInterrupted();
        progress.line(`${name}: ${cause(error)}`);
        silent.push(name);
      }
    }),
  );
  return { candidates, silent };
}

/** What only a manager's log has is lost if it counts as silent, so it is asked more than once. */
async function readLog(name: string, config: string): Promise<ManagerState> {
  const options = ["-F", config, "-o", "ConnectTimeout=20", name, readStateScript];
  return await threeTimes(interruption, async () => {
    const read = must(`Reading the log of ${name}`, "ssh", options, { timeoutMs: 120_000 });
    return readState(await read);
  });
}

/** Makes the first candidate the only manager, and lets the others join it. */
async function rebuild(
  transport: Transport,
  [chosen, ...others]: readonly Candidate[],
  progress: Progress,
): Promise<void> {
  if (chosen === undefined) return;
  const listen = `0.0.0.0:${managerPort}`;
  const leader = await transport.node(chosen.name);
  const swarm = await lasting(
    leader.init({ ListenAddr: listen, AdvertiseAddr: chosen.address, ForceNewCluster: true }),
    () => leader.swarm(),
    `${chosen.name} did not become the leader`,
  );
  progress.line(`${chosen.name} is the leader of swarm ${swarm.ID}.`);
  // One after the other: each changes the majority.
  for (const { name, address } of others) {
    const manager = await transport.node(name);
    await lasting(
      manager.leave({ force: true }),
      async () => ((await manager.info()).Swarm?.LocalNodeState === "inactive" ? true : undefined),
      `${name} did not leave`,
    );
    await lasting(
      manager.join({
        ListenAddr: listen,
        AdvertiseAddr: address,
        Availability: "drain",
        RemoteAddrs: [`${chosen.address}:${managerPort}`],
        JoinToken: swarm.JoinTokens.Manager,
      }),
      () => manager.swarm(),
      `${name} did not join`,
    );
    progress.line(`${name} has joined.`);
  }
}

/**
 * Waits for what a request brings about. Such a request may last longer than its deadline, and the Docker
 * engine goes on with it.
 *
 * @throws Failure with what the request failed with, when it does not come about in time
 */
async function lasting<T>(
  request: Promise<void>,
  look: () => Promise<T | undefined>,
  trouble: string,
): Promise<T> {
  const problem = await request.then(() => "", cause);
  const seen = await poll({ signal: interruption.signal }, TIMES, () =>
    look().catch(() => undefined),
  );
  if (seen === undefined) throw new Failure(`${trouble} within 90 seconds. ${problem}`.trim());
  return seen;
}
