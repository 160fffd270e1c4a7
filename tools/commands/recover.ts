import type { Endpoint } from "../../components/engine/endpoints";
import { cause } from "../../components/engine/errors";
import { connect, type Transport } from "../../components/engine/transport";
import { poll } from "../../components/engine/waiting";
import { managerPort } from "../../components/model/swarm-ports";
import type { Arguments } from "../arguments";
import { type Candidate, newestFirst, planLines } from "../recover/newest";
import { readLog, readLogScript } from "../recover/raft-log";
import { readOutputs, requireEndpoints } from "../report/outputs";
import { writeSshFiles } from "../report/ssh-files";
import { requireName } from "../setup/ask";
import { Failure } from "../setup/failure";
import { interruption } from "../setup/interruption";
import { must } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openSession } from "../setup/session";
import { refresh } from "./refresh";
import { openStack, up } from "./up";

/** How long a manager may take to become the leader of itself, and another to join it. */
const TIMES = { timeoutMs: 90_000, everyMs: 1_000 };

/**
 * Brings back a swarm whose managers have lost their majority: the one with the newest log goes on
 * alone, the others join it again, and `refresh` and `up` give them their labels.
 *
 * @throws Failure when a leader exists, or no manager's log can be read
 */
export async function recover(args: Arguments, progress: Progress): Promise<void> {
  const { stack: name } = args;
  const session = await openSession(name, progress);
  await openStack(session);
  const endpoints = requireEndpoints(await readOutputs(session.stack), name);
  const managers = endpoints.filter(({ role }) => role === "manager");
  const config = writeSshFiles(session.folders, name, endpoints);
  const transport = connect(endpoints);
  try {
    await progress.during("looking for a leader", () => refuseLeader(transport, name));
    const { candidates, silent } = await progress.during("reading the managers' logs", () =>
      readLogs(managers, config, progress),
    );
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
  await refresh({ ...args, rest: [] }, progress);
  await up({ ...args, rest: [] }, progress);
}

/** @throws Failure when the swarm has a leader */
async function refuseLeader(transport: Transport, name: string): Promise<void> {
  const led = await transport
    .manager()
    .then((manager) => manager.swarm())
    .then(
      () => true,
      () => false,
    );
  if (led) {
    throw new Failure(
      "The swarm has a leader: there is nothing to recover, and nothing was changed.",
      `For nodes that are down, run: npm run up -- -s ${name}`,
    );
  }
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
      const options = ["-F", config, "-o", "ConnectTimeout=10", name, readLogScript];
      try {
        const printed = await must(`Reading the log of ${name}`, "ssh", options, {
          timeoutMs: 120_000,
        });
        candidates.push({ name, log: readLog(printed) });
      } catch (error) {
        interruption.throwIfInterrupted();
        progress.line(`${name}: ${cause(error)}`);
        silent.push(name);
      }
    }),
  );
  return { candidates, silent };
}

/** Makes the first candidate the only manager, and lets the others join it. */
async function rebuild(
  transport: Transport,
  [chosen, ...others]: readonly Candidate[],
  progress: Progress,
): Promise<void> {
  if (chosen === undefined) return;
  const leader = await transport.node(chosen.name);
  const { NodeAddr: address = "" } = (await leader.info()).Swarm ?? {};
  await leader.init({
    ListenAddr: `0.0.0.0:${managerPort}`,
    AdvertiseAddr: address,
    ForceNewCluster: true,
  });
  const signal = interruption.signal;
  const swarm = await poll({ signal }, TIMES, () => leader.swarm().catch(() => undefined));
  if (swarm === undefined) throw new Failure(`${chosen.name} did not become the leader in time.`);
  progress.line(`${chosen.name} is the leader of swarm ${swarm.ID}.`);
  // One after the other: each changes the majority.
  for (const { name } of others) {
    const manager = await transport.node(name);
    const { NodeAddr: own = "" } = (await manager.info()).Swarm ?? {};
    await manager.leave({ force: true });
    await manager.join({
      ListenAddr: `0.0.0.0:${managerPort}`,
      AdvertiseAddr: own,
      Availability: "drain",
      RemoteAddrs: [`${address}:${managerPort}`],
      JoinToken: swarm.JoinTokens.Manager,
    });
    progress.line(`${name} has joined.`);
  }
}
