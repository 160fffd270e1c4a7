import type { Endpoint } from "../../components/engine/endpoints";
import { NoManagerError } from "../../components/engine/managers";
import type { Transport } from "../../components/engine/transport";
import { poll } from "../../components/engine/waiting";
import type { ObserveContext } from "../../components/observe/context";
import { type Settled, settle } from "../../components/observe/converge";
import { problemsOf } from "../../components/observe/report";
import { lookAt, type SwarmView } from "../../components/observe/swarm";
import { messageOf } from "../setup/failure";

/** What was seen of a swarm. */
export interface Seen extends Pick<Settled, "view" | "verdicts"> {
  /** What is wrong, each with its fix; empty when all runs. */
  readonly problems: readonly string[];
}

/**
 * How long services may take to run: an `up` that changes no service waits for no tasks, but
 * machines that it restarted have tasks that are still starting.
 */
const PATIENCE = { timeoutMs: 120_000, steadyMs: 0 };

/** What an environment's commands observe its swarm with. */
export function observer(
  transport: Transport,
  stack: string,
  log: (line: string) => void,
): ObserveContext {
  return {
    stack,
    log,
    signal: new AbortController().signal,
    manager: () => transport.manager(),
    node: (name) => transport.node(name),
    dial: (host, address, port) => transport.dial(host, address, port),
    run: (host, command) => transport.run(host, command),
    nodes: transport.names,
    // Credentials are the provider's; they are not outputs.
    registryAuth: () => undefined,
  };
}

/**
 * Waits until services run, and looks for managers that are locked.
 *
 * @param refreshed whether the run that ended has read everything, as `--refresh` does
 * @throws when no manager answers; {@link whySilent} has the words for it
 */
export async function see(
  names: readonly string[],
  managers: readonly Endpoint[],
  context: ObserveContext,
  ssh: (node: string) => string,
  refreshed = false,
): Promise<Seen> {
  const { view: first, verdicts, when } = await settle(names, PATIENCE, context);
  const view = await withLateNodes(first, names, context);
  const silent = managers.filter(({ name }) =>
    view.nodes.some(({ hostname, state }) => hostname === name && state !== "ready"),
  );
  const locked = await Promise.all(silent.map(({ name }) => isLocked(name, context)));
  const problems = await problemsOf(verdicts, when, context);
  return {
    view,
    verdicts,
    problems: [
      ...silent
        .filter((_, index) => locked[index])
        .map((one) => unlockText(one, context.stack, ssh)),
      ...problems,
      // Whoever has just done that needs another advice.
      ...(problems.length === 0 || refreshed
        ? []
        : [`To try again: npm run up -- -s ${context.stack} --refresh`]),
    ],
  };
}

/** How long a node may take to be ready again: one that was demoted looks for another manager. */
const LATE = { timeoutMs: 20_000, everyMs: 1_000 };
/** The same for a node that a new leader has not heard of yet: that is decided one way or the other, so it is worth the wait. */
const UNHEARD = { timeoutMs: 60_000, everyMs: 1_000 };

/** The view, or a later one in which all nodes are ready, where that takes a moment only. */
async function withLateNodes(
  first: SwarmView,
  names: readonly string[],
  context: ObserveContext,
): Promise<SwarmView> {
  let last = first;
  for (const [times, waitsFor] of [
    [LATE, () => true],
    [UNHEARD, (state: string) => state === "unknown"],
  ] as const) {
    const isLate = () => lateStates(last, context.nodes).some(waitsFor);
    if (!isLate()) return last;
    await poll(context, times, async () => {
      last = await lookAt(names, context);
      return isLate() ? undefined : last;
    });
  }
  return last;
}

/** States of these hosts that the swarm lists and that are not ready; an old entry beside a ready one does not count. Pure. */
function lateStates({ nodes }: SwarmView, hosts: readonly string[]): readonly string[] {
  return hosts.flatMap((host) => {
    const states = nodes.flatMap(({ hostname, state = "unknown" }) =>
      hostname === host ? [state] : [],
    );
    return states.includes("ready") ? [] : states;
  });
}

async function isLocked(name: string, context: ObserveContext): Promise<boolean> {
  try {
    const { Swarm } = await (await context.node(name)).info();
    return Swarm?.LocalNodeState === "locked";
  } catch {
    // A machine that does not answer is shown with the state that the swarm reports.
    return false;
  }
}

/** Why no manager could be asked, and what to do. */
export function whySilent(error: unknown, stack: string, ssh: (node: string) => string): string[] {
  const locked = error instanceof NoManagerError ? error.locked : [];
  if (locked.length > 0) return locked.map((one) => unlockText(one, stack, ssh));
  const again = `npm run up -- -s ${stack} --refresh`;
  return [`${stack}: ${messageOf(error)}\n  what to do: start a manager, then run: ${again}`];
}

function unlockText(
  { name, user }: Endpoint,
  stack: string,
  ssh: (node: string) => string,
): string {
  const [command = "", ...words] = ssh(name).split(" ");
  const sudo = user === "root" ? "" : "sudo ";
  return [
    `The manager ${name} is locked: its Docker engine restarted and waits for the swarm's unlock key.`,
    `  what to do: ${[command, "-t", ...words].join(" ")} ${sudo}docker swarm unlock`,
    `  then run: npm run up -- -s ${stack}`,
  ].join("\n");
}
