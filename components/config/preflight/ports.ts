import { valueAt } from "../../model/merge";
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import { gossipPort, managerPort, metricsPort, overlayPort } from "../../model/swarm-ports";
import { localPort } from "../environment/addresses";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check, Flight } from "./flight";

/** A port that a service publishes. */
export interface Publication {
  readonly draft: Draft;
  readonly service: string;
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
        return [{ draft, service, keys, published, protocol, mode }];
      }),
    ),
  );
}

/** Published ports that clash with each other or with what local hosts use. */
export const checkPorts: Check = (flight) => [
  ...clashes(flight.drafts),
  ...ofNodes(flight.drafts),
  ...localClashes(flight),
  ...ingressWithoutAddresses(flight),
];

function clashes(drafts: readonly Draft[]): readonly Problem[] {
  const seen = new Map<string, string>();
  const used = new Set(publications(drafts).map(({ published }) => published));
  return publications(drafts).flatMap(({ draft, service, keys, published, protocol }) => {
    const key = `${published}/${protocol}`;
    const owner = `service ${service} of platform ${draft.name}`;
    const first = seen.get(key);
    seen.set(key, first ?? owner);
    // Twice in one service is found by the service's own check.
    if (first === undefined || first === owner) return [];
    const found = `${key} of ${owner}, which ${first} publishes already`;
    const allowed = "a port that nothing else on the swarm publishes";
    let free = published;
    while (used.has(free)) free = (free % 65535) + 1;
    return [platformProblem(draft, keys, { found, allowed, fix: `\`published: ${free}\`` })];
  });
}

/** What a node itself listens on: published, it would clash with it, and on AWS be opened with it. */
const nodePorts: { readonly [port: string]: string } = {
  "22/tcp": "SSH",
  [`${managerPort}/tcp`]: "the swarm's managers",
  [`${gossipPort}/tcp`]: "the swarm",
  [`${gossipPort}/udp`]: "the swarm",
  [`${overlayPort}/udp`]: "overlay networks",
  [`${metricsPort}/tcp`]: "the engine's figures",
};

function ofNodes(drafts: readonly Draft[]): readonly Problem[] {
  return publications(drafts).flatMap(({ draft, service, keys, published, protocol }) => {
    const owner = nodePorts[`${published}/${protocol}`];
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
    const taken = host === undefined ? "which is no port" : `which is SSH of ${host}`;
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

/** Virtual addresses and ingress on a kernel that cannot forward them. */
export const warnIpvs: Check = ({ environment, drafts, world }) => {
  if (world.ipvs !== false || !environment.hosts.some((host) => host.kind === "local")) return [];
  const services = drafts.flatMap((draft) => Object.values(draft.plan.services));
  const problems: Problem[] = [];
  const allowed = (word: string) => `${word}, because the kernel of this machine has no IP_VS`;
  if (services.some((service) => service.endpointMode === "vip")) {
    const fix = "`discovery: dnsrr`";
    problems.push(
      fileProblem(["swarm", "discovery"], { found: '"vip"', allowed: allowed("dnsrr"), fix }),
    );
  }
  if (services.some((service) => service.ports?.some((port) => port.mode === "ingress"))) {
    const fix = "`publish: host`";
    problems.push(
      fileProblem(["swarm", "publish"], {
        found: '"ingress"',
        allowed: allowed("host"),
        fix,
      }),
    );
  }
  return problems;
};
