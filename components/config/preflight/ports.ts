import { valueAt } from "../../model/merge";
import type { ServicePlan } from "../../model/platform/plan";
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import { gossipPort, managerPort, metricsPort, overlayPort } from "../../model/swarm-ports";
import { localPort } from "../environment/addresses";
import type { SwarmSettings } from "../environment/environment";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check, Flight } from "./flight";
import { describeNodes } from "./known-nodes";
import { nodesFor } from "./placement";

/** A port that a service publishes. */
export interface Publication {
  readonly draft: Draft;
  readonly service: string;
  readonly spec: ServicePlan;
  readonly keys: Keys;
  readonly published: number;
  readonly protocol: string;
  readonly mode: string;
}

/** All ports that platforms publish. */
export function publications(drafts: readonly Draft[]): readonly Publication[] {
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]) =>
      (spec.ports ?? []).flatMap((port, index) => {
        if (port.published === undefined) return [];
        const keys = ["services", service, "ports", index, "published"];
        const { published, protocol = "tcp", mode } = port;
        return [{ draft, service, spec, keys, published, protocol, mode }];
      }),
    ),
  );
}

/** Published ports that clash with each other or with what local hosts use. */
export const checkPorts: Check = (flight) => [
  ...clashes(flight),
  ...ofNodes(flight),
  ...localClashes(flight),
  ...ingressWithoutAddresses(flight),
];

function clashes(flight: Flight): readonly Problem[] {
  const all = publications(flight.drafts);
  const used = new Set(all.map(({ published }) => published));
  const seen: Publication[] = [];
  return all.flatMap((one) => {
    const { draft, keys, published } = one;
    const first = seen.find((other) => samePort(one, other) && !isApart(one, other, flight));
    seen.push(one);
    // The service's own check finds a port that is used twice in one service.
    if (first === undefined || ownerOf(first) === ownerOf(one)) return [];
    const found = `${portOf(one)} of ${ownerOf(one)}, which ${ownerOf(first)} publishes already`;
    const allowed =
      one.mode === "host" && first.mode === "host"
        ? "a port that nothing else publishes on a node of the service"
        : "a port that nothing else on the swarm publishes";
    let free = published;
    while (used.has(free)) free = (free % 65535) + 1;
    return [platformProblem(draft, keys, { found, allowed, fix: `\`published: ${free}\`` })];
  });
}

function portOf({ published, protocol }: Publication): string {
  return `${published}/${protocol}`;
}

function ownerOf({ service, draft }: Publication): string {
  return `service ${service} of platform ${draft.name}`;
}

function samePort(one: Publication, other: Publication): boolean {
  return portOf(one) === portOf(other);
}

/** In mode host a port is taken on the nodes of its tasks only: services that never meet may share it. */
function isApart(one: Publication, other: Publication, { environment, known }: Flight): boolean {
  if (one.mode !== "host" || other.mode !== "host" || !known.labels) return false;
  const nodes = describeNodes(environment);
  const [here, there] = [one, other].map(({ spec }) => nodesFor(spec, nodes));
  return here?.every((node) => !there?.includes(node)) ?? false;
}

/** What 127.0.0.1 leads to when services on different nodes publish one port. */
export const warnSharedPorts: Check = (flight) => {
  if (flight.environment.local === undefined) return [];
  const { local } = flight.environment;
  const all = publications(flight.drafts).filter(({ protocol }) => protocol === "tcp");
  return all.flatMap((one, index) => {
    const first = all.slice(0, index).find((other) => samePort(one, other));
    if (first === undefined || !isApart(one, first, flight)) return [];
    const port = localPort(local, one.published);
    const found = `${portOf(one)} of ${ownerOf(one)}, which ${ownerOf(first)} publishes on other nodes: 127.0.0.1:${port} leads to both in turn`;
    const allowed = "a different port for each service, if 127.0.0.1 must lead to one of them";
    const fix = "another `published` port, or the nodes' own addresses";
    return [platformProblem(one.draft, one.keys, { found, allowed, fix })];
  });
};

/** What a node itself listens on: publishing one would clash with it and, on AWS, open it. */
const nodePorts = ({ dataPathPort = overlayPort }: SwarmSettings): PortOwners => ({
  "22/tcp": "SSH",
  [`${managerPort}/tcp`]: "the swarm's managers",
  [`${gossipPort}/tcp`]: "the swarm",
  [`${gossipPort}/udp`]: "the swarm",
  [`${dataPathPort}/udp`]: "overlay networks",
  [`${metricsPort}/tcp`]: "the Docker engine's metrics",
});

interface PortOwners {
  readonly [port: string]: string;
}

function ofNodes({ environment, drafts }: Flight): readonly Problem[] {
  const owners = nodePorts(environment.swarm);
  return publications(drafts).flatMap(({ draft, service, keys, published, protocol }) => {
    const owner = owners[`${published}/${protocol}`];
    if (owner === undefined) return [];
    const found = `${published}/${protocol} of service ${service}, which the nodes need for ${owner}`;
    const allowed = "a port that nothing else on the nodes uses";
    const fix = `\`published: ${published + 10000}\``;
    return [platformProblem(draft, keys, { found, allowed, fix })];
  });
}

function localClashes({ environment, drafts }: Flight): readonly Problem[] {
  const { local } = environment;
  if (local === undefined) return [];
  const ssh = new Map(
    environment.hosts.flatMap((host) => (host.kind === "local" ? [[host.sshPort, host.name]] : [])),
  );
  const { portOffset } = local;
  return publications(drafts).flatMap(({ draft, service, published, protocol }) => {
    const port = localPort(local, published);
    const host = protocol === "tcp" ? ssh.get(port) : undefined;
    if (port <= 65535 && host === undefined) return [];
    const taken = host === undefined ? "which is not a valid port" : `which is SSH of ${host}`;
    const found = `${portOffset}: port ${published} of ${draft.name}.${service} would be ${port} on 127.0.0.1, ${taken}`;
    const allowed = `an offset with which ${published} becomes a free port below 65536`;
    const fix = `\`portOffset: ${portOffset === 0 ? 1 : 0}\``;
    return [fileProblem(["hosts", "local", "portOffset"], { found, allowed, fix })];
  });
}

/** True when a port's mode and its service's endpoint mode both come from the environment. */
export function followsEnvironment(draft: Draft, service: string, port: string | number): boolean {
  const written = ["services", service];
  const mode = valueAt(draft.written, [...written, "ports", port, "mode"]);
  return mode === undefined && valueAt(draft.written, [...written, "endpointMode"]) === undefined;
}

function ingressWithoutAddresses({ environment, drafts }: Flight): readonly Problem[] {
  const { discovery, publish } = environment.swarm;
  if (discovery !== "dnsrr" || publish !== "ingress") return [];
  const services = drafts.flatMap((draft) =>
    Object.entries(draft.plan.services)
      .filter(([key, { ports = [] }]) =>
        ports.some((_, index) => followsEnvironment(draft, key, index)),
      )
      .map(([key]) => `${draft.name}.${key}`),
  );
  if (services.length === 0) return [];
  const found = `ingress, while discovery is dnsrr, for the ports of ${services.join(", ")}`;
  const allowed = "host with dnsrr; ingress needs a virtual address (discovery vip)";
  return [fileProblem(["swarm", "publish"], { found, allowed, fix: "`publish: host`" })];
}
