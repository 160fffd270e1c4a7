import { nearest, suggestion } from "../../../../model/nearest";
import type { ServicePlan } from "../../../../model/platform/plan";
import type { Finding } from "../../../../model/problem";

type Labels = { readonly [label: string]: string };

const ROUTER = /^traefik\.(?:http|tcp|udp)\.routers\.[^.]+\./i;
const SERVER = /^traefik\.(?:http|tcp|udp)\.services\.[^.]+\.loadbalancer\.server\.(?:port|url)$/i;
const NETWORK = /^traefik\.(?:docker|swarm)\.network$/i;

/** Labels for Traefik that it does not read, or that lead to no port or network. */
export function routingTraps(spec: ServicePlan): readonly Finding[] {
  const { labels, containerLabels } = spec;
  const off = labels["traefik.enable"] === "false";
  return [
    ...onContainers(labels, containerLabels),
    ...(off ? [] : [...withoutPort(labels), ...otherNetwork(spec)]),
  ];
}

function has(labels: Labels, pattern: RegExp): string | undefined {
  return Object.keys(labels).find((label) => pattern.test(label));
}

/** In a swarm, Traefik reads the labels of services. */
function onContainers(labels: Labels, containerLabels: Labels): readonly Finding[] {
  const label = has(containerLabels, ROUTER);
  if (label === undefined || has(labels, ROUTER) !== undefined) return [];
  const found = "labels for Traefik on the containers: in a swarm it reads those of the service";
  const fix = "the same `labels` of the service (in a compose file `deploy.labels`), or `route`";
  const keys = ["containerLabels", label];
  return [{ keys, found, allowed: "labels of the service", fix }];
}

/** Swarm says nothing of the ports that a service listens on. */
function withoutPort(labels: Labels): readonly Finding[] {
  const rule = has(labels, /^traefik\.(?:http|tcp)\.routers\.[^.]+\.rule$/i);
  const elsewhere = has(labels, /^traefik\.(?:http|tcp)\.routers\.[^.]+\.service$/i);
  if (rule === undefined || elsewhere !== undefined || has(labels, SERVER) !== undefined) return [];
  const [, kind = "http", name = "web"] = /^traefik\.(\w+)\.routers\.([^.]+)/i.exec(rule) ?? [];
  const found =
    "a router of Traefik without a port: in a swarm it does not find out the port itself";
  const allowed = "a label with the port that the program listens on";
  const fix = `\`traefik.${kind}.services.${name}.loadbalancer.server.port: "8000"\`, or \`route\``;
  return [{ keys: ["labels", rule], found, allowed, fix }];
}

/** Traefik compares real names of networks. */
function otherNetwork({ labels, networks }: ServicePlan): readonly Finding[] {
  const label = has(labels, NETWORK);
  const named = label === undefined ? undefined : labels[label];
  const joined = Object.entries(networks).map(([key, { name }]) => ({ key, name }));
  if (label === undefined || named === undefined || joined.some(({ name }) => name === named)) {
    return [];
  }
  const names = joined.map(({ name }) => name);
  const ofKey = joined.find(({ key }) => key === named)?.name ?? nearest(named, names);
  const found = `${named}, a network that the service does not join by this real name: Traefik takes another one, or none`;
  const allowed = names.length === 0 ? "a network of the service" : names.join(", ");
  const fix =
    ofKey === undefined
      ? suggestion(named, names, "the real name of a network that Traefik and the service join")
      : `\`${label}: ${ofKey}\``;
  return [{ keys: ["labels", label], found, allowed, fix }];
}
