import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../components/config/environment/environment";
import type { Endpoint } from "../../components/engine/endpoints";
import type { Arguments } from "../arguments";
import type { Step } from "../report/destruction";
import { hintsFor } from "../report/hints";
import { readOutputs, requireEndpoints } from "../report/outputs";
import { requireName } from "../setup/ask";
import { Exit, Failure } from "../setup/failure";
import { interruption } from "../setup/interruption";
import { lastLetters, lastLines } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { hasUnlockKey } from "../setup/state-secrets";
import { statedEnvironment } from "../setup/stated-environment";
import { stayUnlocked } from "../setup/unlock";
import { leftDrained } from "../upgrade/availability";
import { type HostUpgrade, hostUpgrades, newImages, onlyThese } from "../upgrade/local";
import { closePorts, install, offersOf, openPorts } from "../upgrade/machines";
import { back, drain, requireMajority, restore, withSwarm } from "../upgrade/node";
import { upgradeOrder } from "../upgrade/order";
import { type ServerUpgrade, serverLines, serversOf, serverUpgrades } from "../upgrade/servers";
import { openStack, report, up } from "./up";

/** What is under way when a node's ports close may take this long; the rest has until its program ends. */
const LAST_REQUESTS_MS = 1_000;

/**
 * Gives hosts another Docker engine, one after the other: those on this machine the one that the environment file
 * states, others the newest that their package sources have, or the stated version. Each is drained,
 * keeps the data that it has, and takes tasks again.
 */
export async function upgrade(args: Arguments, progress: Progress): Promise<void> {
  const { stack: name } = args;
  const session = await openSession(name, progress);
  await openStack(session);
  const environment = await statedEnvironment(name);
  const endpoints = requireEndpoints(await readOutputs(session.stack), name);
  const plan = await planOf(session, environment, endpoints);
  await tidyUp(plan, endpoints, progress);
  if (plan.all.length === 0) {
    progress.line("Every host has the Docker engine that it should have.");
    return;
  }
  if (plan.servers.length > 0) {
    progress.line(
      `This upgrades the Docker engines of ${plan.servers.length} machines of ${name}.`,
    );
    progress.line("Containers of your own on them stop, unless they have a restart policy:");
    for (const line of serverLines(plan.servers)) progress.line(line);
    if (args.yes !== true) await requireName(name, `npm run upgrade -- -s ${name} --yes`);
  }
  const locks = hasUnlockKey(await session.stack.peek());
  const end = locks ? stayUnlocked(session) : async () => undefined;
  try {
    for (const one of plan.all) await upgradeOne(session, one, { plan, endpoints });
  } finally {
    await end();
  }
  if (plan.hosts.length > 0) await up({ ...args, rest: [] }, progress);
  else await report(session, await readOutputs(session.stack));
}

type Upgrade = HostUpgrade | ServerUpgrade;

interface Plan {
  readonly hosts: readonly HostUpgrade[];
  readonly images: readonly string[];
  readonly servers: readonly ServerUpgrade[];
  /** Both, in the order in which they are upgraded. */
  readonly all: readonly Upgrade[];
}

async function planOf(
  session: Session,
  environment: Environment,
  endpoints: readonly Endpoint[],
): Promise<Plan> {
  const local = environment.hosts.some(({ kind }) => kind === "local");
  const steps = local ? await plannedSteps(session) : [];
  const hosts = hostUpgrades(steps);
  const wanted = serversOf(environment);
  const offers =
    wanted.size === 0
      ? new Map()
      : await session.progress.during("asking for newer Docker engines", () =>
          offersOf(endpoints, wanted),
        );
  const { upgrades: servers, problems } = serverUpgrades(offers);
  if (problems.length > 0) throw new Failure(`Nothing was changed:\n${problems.join("\n")}`);
  const nodes = await withSwarm(endpoints, async (swarm) => (await swarm.manager()).nodes.list());
  const all = upgradeOrder<Upgrade>([...hosts, ...servers], nodes);
  return { hosts, images: newImages(steps), servers, all };
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

/** Lets nodes take tasks that an interrupted upgrade left drained after it had upgraded them. */
async function tidyUp(
  { all }: Plan,
  endpoints: readonly Endpoint[],
  progress: Progress,
): Promise<void> {
  await withSwarm(endpoints, async (swarm) => {
    const nodes = await (await swarm.manager()).nodes.list();
    for (const host of leftDrained(nodes, all)) {
      await openPorts(endpointOf(endpoints, host));
      await restore(swarm, host);
      progress.line(`An interrupted upgrade had left ${host} drained; it takes tasks again.`);
    }
  });
}

async function upgradeOne(
  session: Session,
  one: Upgrade,
  { plan, endpoints }: { readonly plan: Plan; readonly endpoints: readonly Endpoint[] },
): Promise<void> {
  const { progress } = session;
  const { host } = one;
  const endpoint = endpointOf(endpoints, host);
  interruption.throwIfInterrupted();
  await progress.during(`draining ${host}`, () =>
    withSwarm(endpoints, async (swarm) => {
      await requireMajority(swarm, host);
      const problem = await closePorts(endpoint);
      if (problem !== undefined) {
        progress.line(`${host} accepts requests until its tasks end: ${problem}`);
      }
      await sleep(LAST_REQUESTS_MS);
      await drain(swarm, host);
    }),
  );
  if ("targets" in one) await replace(session, one, plan.images);
  else await progress.during(`upgrading ${host}`, () => install(endpoint, one.offer));
  await progress.during(`waiting for ${host}`, async () => {
    const problem = await openPorts(endpoint);
    if (problem !== undefined) progress.line(`The ports of ${host} may be closed: ${problem}`);
    await withSwarm(endpoints, (swarm) => back(swarm, host));
  });
  progress.line(`${host} is back.`);
}

function endpointOf(endpoints: readonly Endpoint[], host: string): Endpoint {
  const found = endpoints.find(({ name }) => name === host);
  if (found === undefined) throw new Failure(`It is not known how to reach ${host}.`);
  return found;
}

/** Recreates a host's container, and nothing else. */
async function replace(
  { stack, progress }: Session,
  { host, targets }: HostUpgrade,
  images: readonly string[],
): Promise<void> {
  let said = "";
  const watch = (text: string) => {
    said = lastLetters(said + text);
  };
  const args = onlyThese([...images, ...targets]);
  const status = await stack.show(`upgrading ${host}`, args, { watch });
  if (status === 0) return;
  for (const hint of hintsFor(said, stack.name)) progress.line(hint);
  progress.line(`${host} is drained. To go on, run: npm run upgrade -- -s ${stack.name}`);
  throw new Exit(status);
}
