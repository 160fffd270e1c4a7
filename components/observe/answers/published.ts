import type { Duplex } from "node:stream";
import type { SwarmAccess } from "../../engine/access";
import { cause } from "../../engine/errors";
import type { LiveTask } from "../../engine/live";
import type { NodeDescription } from "../../model/placement/constraints";
import type { LiveService } from "../../model/service/wire";
import type { Verdict } from "../judge";
import type { SwarmView } from "../swarm";

/** How long a connection must stay open: what accepts for a program that is not there closes at once. */
const OPEN_MS = 250;
/** At how many nodes a port is tried at most. */
const MOST_NODES = 10;
/** At how many of them when every node answers for the service. */
const MOST_OF_ALL = 3;

/** A published TCP port that must answer. */
export interface ServicePort {
  /** Name of the service on the swarm. */
  readonly service: string;
  /** Port that its program listens on. */
  readonly target: number;
  readonly published: number;
  readonly mode: "ingress" | "host";
  readonly endpointMode: "vip" | "dnsrr";
  /** Nodes that answer for it, those with a task first. */
  readonly nodes: readonly NodeDescription[];
  /** Tasks that run as they should. */
  readonly tasks: readonly LiveTask[];
}

/**
 * Published TCP ports of services whose tasks run, with the nodes where they must answer. Pure.
 *
 * @param quiet published ports that need not answer
 */
export function portsToAnswer(
  { services, tasks, nodes }: SwarmView,
  verdicts: ReadonlyMap<string, Verdict>,
  quiet: readonly number[] = [],
): readonly ServicePort[] {
  return steadyServices({ services, tasks }, verdicts).flatMap(({ name, service, good }) => {
    const here = nodes.filter(({ id }) => good.some(({ NodeID }) => NodeID === id));
    return portsOf(service).flatMap(({ target, published, mode }): ServicePort[] => {
      if (quiet.includes(published)) return [];
      const others = nodes.filter((node) => !here.includes(node) && (node.state ?? "") === "ready");
      const asked =
        mode === "host" ? here.slice(0, MOST_NODES) : [...here, ...others].slice(0, MOST_OF_ALL);
      const endpointMode = service.Spec.EndpointSpec?.Mode === "dnsrr" ? "dnsrr" : "vip";
      return [{ service: name, target, published, mode, endpointMode, nodes: asked, tasks: good }];
    });
  });
}

/** Services that run as they should and go on, with the tasks that do. Pure. */
export function steadyServices(
  { services, tasks }: Pick<SwarmView, "services" | "tasks">,
  verdicts: ReadonlyMap<string, Verdict>,
): readonly {
  readonly name: string;
  readonly service: LiveService;
  readonly good: readonly LiveTask[];
}[] {
  return [...services].flatMap(([name, service]) => {
    const verdict = verdicts.get(name);
    if (verdict === undefined || verdict.job || verdict.state !== "steady") return [];
    const good = tasks.filter(({ ID }) => verdict.good.includes(ID));
    return good.length === 0 ? [] : [{ name, service, good }];
  });
}

function portsOf({ Spec }: LiveService) {
  return (Spec.EndpointSpec?.Ports ?? []).flatMap(
    ({ Protocol = "tcp", TargetPort, PublishedPort, PublishMode }) => {
      if (Protocol !== "tcp" || !TargetPort || !PublishedPort) return [];
      const mode = PublishMode === "host" ? ("host" as const) : ("ingress" as const);
      return [{ target: TargetPort, published: PublishedPort, mode }];
    },
  );
}

/** A node where a port does not answer, with what happened. */
export interface Silence {
  readonly node: NodeDescription;
  readonly why: string;
}

/** Nodes where a port does not answer, each asked over its own SSH connection; empty when all answer. */
export async function silentNodes(
  { nodes, published }: ServicePort,
  access: SwarmAccess,
): Promise<readonly Silence[]> {
  const asked = nodes.filter(({ hostname, address }) => {
    return access.nodes.includes(hostname) && !!address && address !== "0.0.0.0";
  });
  const found = await Promise.all(
    asked.map(async (node): Promise<Silence[]> => {
      const why = await knock(() => access.dial(node.hostname, node.address ?? "", published));
      return why === undefined ? [] : [{ node, why }];
    }),
  );
  return found.flat();
}

/** Why nothing answers on a connection; undefined when it opens and stays open, or nobody may try. */
export async function knock(dial: () => Promise<Duplex>): Promise<string | undefined> {
  let stream: Duplex;
  try {
    stream = await dial();
  } catch (error) {
    const said = cause(error);
    // The host's sshd forwards nothing: that says nothing about the port.
    if (/administratively prohibited|no answer within|closed|timed out while/i.test(said)) {
      return /no answer within/.test(said) ? "it does not answer" : undefined;
    }
    return /refused/i.test(said) ? "it refuses connections" : said;
  }
  const stays = await staysOpen(stream);
  stream.on("error", () => undefined);
  stream.destroy();
  return stays ? undefined : "it closes connections at once";
}

/** True when the other side says something, or says nothing for a moment without hanging up. */
function staysOpen(stream: Duplex): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(true), OPEN_MS);
    const end = (open: boolean) => {
      clearTimeout(timer);
      resolve(open);
    };
    stream.once("data", () => end(true));
    for (const ending of ["end", "close", "error"]) stream.once(ending, () => end(false));
  });
}
