import { within } from "../../engine/deadline";
import { sleep } from "../../engine/waiting";
import { bothNames } from "../../model/platform/compose-names";
import type { ObserveContext } from "../context";
import { nodeHasIpvs } from "../kernel";
import { tell } from "../report";
import { listeningIn, type PortSetting, whyNotListening } from "./listening";
import { type ServicePort, type Silence, silentNodes } from "./published";
import type { RoutedPort } from "./routed";

/** How often ports are tried. */
const LOOK_MS = 1_000;
/** How long a port may take that has a reason not to answer: nodes need a moment for their rules. */
const CERTAIN_MS = 10_000;
/** How long a node may take to answer a question. */
const ASK_MS = 5_000;

/** Why a port does not answer. */
export interface Reason {
  readonly lines: readonly string[];
  readonly remedies: readonly string[];
  /** Waiting longer will not help. */
  readonly certain: boolean;
}

/** A port that does not answer. */
export interface Unanswered {
  readonly port: ServicePort;
  /** What is wrong and what to do, in words. */
  readonly problem: string;
}

/**
 * Waits until published ports answer on their nodes.
 *
 * @param timeoutMs how long at most; where the reason is certain, it ends earlier
 * @returns those that do not answer, with the reason
 */
export async function awaitAnswers(
  ports: readonly ServicePort[],
  timeoutMs: number,
  context: ObserveContext,
): Promise<readonly Unanswered[]> {
  const left = await awaitAll(
    {
      ports,
      async reasonOf(port) {
        const silence = await silentNodes(port, context);
        return silence.length === 0 ? undefined : await whySilent(port, silence, context);
      },
      nameOf: ({ service, published }) => `port ${published} of ${service}`,
    },
    timeoutMs,
    context,
  );
  return left.map(([port, reason]) => {
    const what = `service ${port.service} runs, but its published port ${port.published} does not answer:`;
    return { port, problem: problemOf(what, reason) };
  });
}

/**
 * Waits until programs listen where Traefik passes requests on to, as far as their nodes can tell.
 *
 * @param timeoutMs how long at most; where the reason is certain, it ends earlier
 * @returns services of which nothing listens there, with the reason
 */
export async function awaitListening(
  ports: readonly RoutedPort[],
  timeoutMs: number,
  context: ObserveContext,
): Promise<readonly { readonly port: RoutedPort; readonly problem: string }[]> {
  const left = await awaitAll(
    {
      ports,
      reasonOf: (port) => programReason(port, context, ROUTE_PORT),
      nameOf: ({ service, target }) => `port ${target} of ${service}, for Traefik,`,
    },
    timeoutMs,
    context,
  );
  return left.map(([port, reason]) => {
    const what = `service ${port.service} runs, but does not answer on port ${port.target}, to which Traefik passes requests on:`;
    return { port, problem: problemOf(what, reason) };
  });
}

/** Where a route's port is written. */
const ROUTE_PORT = {
  key: "port",
  of: ` of the service's ${bothNames("route")}, or of your own label \`…loadbalancer.server.port\``,
};

interface Asked<Port> {
  readonly ports: readonly Port[];
  /** Why a port does not answer; undefined when it does. */
  reasonOf(port: Port): Promise<Reason | undefined>;
  nameOf(port: Port): string;
}

/** Asks until all ports answer, the time is up, or waiting longer does not help. */
async function awaitAll<Port>(
  { ports, reasonOf, nameOf }: Asked<Port>,
  timeoutMs: number,
  context: ObserveContext,
): Promise<readonly (readonly [Port, Reason])[]> {
  const start = Date.now();
  for (;;) {
    const all = await Promise.all(ports.map(async (port) => [port, await reasonOf(port)] as const));
    const left = all.flatMap(([port, reason]) =>
      reason === undefined ? [] : [[port, reason] as const],
    );
    if (left.length === 0) return [];
    const waited = Date.now() - start;
    const certain = left.every(([, reason]) => reason.certain);
    if (waited >= timeoutMs || (certain && waited >= CERTAIN_MS)) return left;
    context.log(`waiting until ${shortList(left.map(([port]) => nameOf(port)))} answers`);
    await sleep(LOOK_MS, context.signal);
  }
}

function shortList([first, second, ...more]: readonly string[]): string {
  const rest = more.length > 0 ? [`${more.length} more`] : [];
  return [first, second, ...rest].filter(Boolean).join(", ");
}

function problemOf(what: string, { lines, remedies }: Reason): string {
  return tell(what, { reasons: lines, log: [], remedies, more: undefined });
}

/** Why a port does not answer, as far as its nodes can tell. */
export async function whySilent(
  port: ServicePort,
  silence: readonly Silence[],
  context: ObserveContext,
): Promise<Reason> {
  const lines = silence.map(({ node, why }) => `${node.hostname}:${port.published}: ${why}`);
  const without = await kernelReason(port, silence, context);
  if (without !== undefined) return { ...without, lines: [...lines, ...without.lines] };
  const listening = await programReason(port, context);
  if (listening !== undefined) {
    return { ...listening, lines: [...lines, ...listening.lines] };
  }
  const remedy = "look for a firewall on these nodes, and at the log of their Docker engines";
  return { lines, remedies: [remedy], certain: false };
}

/** Ingress without IP_VS: the nodes accept nothing, or lead nowhere. */
async function kernelReason(
  { mode }: ServicePort,
  silence: readonly Silence[],
  context: ObserveContext,
): Promise<Reason | undefined> {
  if (mode !== "ingress") return undefined;
  const asked = await Promise.all(
    silence.map(async ({ node }) => [node.hostname, await nodeHasIpvs(node.hostname, context)]),
  );
  const without = asked.flatMap(([name, has]) => (has === false ? [name] : []));
  if (without.length === 0) return undefined;
  return {
    lines: [`the kernel of ${without.join(", ")} has no IP_VS, which mode ingress needs`],
    remedies: [
      `\`mode: host\` for the port with ${bothNames("endpointMode: dnsrr")} for the service, or \`publish: host\` and \`discovery: dnsrr\` in swarmyard:swarm; then one task per node can publish a port`,
    ],
    certain: true,
  };
}

/** What the program of a task listens on. */
async function programReason(
  { tasks, target, nodes }: Pick<ServicePort, "tasks" | "target" | "nodes">,
  context: ObserveContext,
  setting?: PortSetting,
): Promise<Reason | undefined> {
  for (const { NodeID, Status } of tasks.slice(0, 3)) {
    const node = nodes.find(({ id }) => id === NodeID)?.hostname;
    const container = Status?.ContainerStatus?.ContainerID;
    if (node === undefined || !container || !context.nodes.includes(node)) continue;
    const text = await socketsOf(node, container, context).catch(() => undefined);
    if (text === undefined) continue;
    const why = whyNotListening(target, listeningIn(text), setting);
    if (why === undefined) return undefined;
    return { lines: [why.text], remedies: [why.remedy], certain: why.certain };
  }
  return undefined;
}

async function socketsOf(node: string, container: string, context: ObserveContext) {
  const engine = await within(context.node(node), ASK_MS, "late");
  const { State } = await within(engine.containers.inspect(container), ASK_MS, "late");
  const pid = State?.Pid;
  if (pid === undefined || pid === 0) return undefined;
  const files = `/proc/${Number(pid)}/net/tcp /proc/${Number(pid)}/net/tcp6`;
  // A kernel without IPv6 has one of them only, and another user's may need sudo.
  const command = `cat ${files} 2>/dev/null || sudo -n cat ${files} 2>/dev/null || true`;
  return await context.run(node, command);
}
