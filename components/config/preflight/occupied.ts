import { overlap } from "../../model/addresses/subnets";
import { fileProblem, type Problem } from "../../model/problem";
import { localPort, registryHostPort } from "../environment/addresses";
import { platformProblem } from "../platforms/platforms";
import type { Check, Flight } from "./flight";
import { publications } from "./ports";

/** Addresses and ports of this machine that something else holds: Docker would refuse them halfway through `up`. */
export const checkOccupied: Check = (flight) => [
  ...takenSubnet(flight),
  ...takenPublished(flight),
  ...takenByMachines(flight),
];

function takenSubnet({ environment: { local }, world }: Flight): readonly Problem[] {
  if (local === undefined) return [];
  const taken = world.occupied?.networks ?? [];
  const other = taken.find(({ subnet }) => overlap(subnet, local.subnet));
  if (other === undefined) return [];
  const found = `${local.subnet}, which overlaps ${other.subnet} of the Docker network ${other.name}`;
  const allowed = "a network that overlaps no other Docker network of this machine";
  const fix = `a free network such as \`subnet: ${freeSubnet(taken.map(({ subnet }) => subnet))}\`, or remove the other one: \`docker network rm ${other.name}\``;
  return [fileProblem(["hosts", "local", "subnet"], { found, allowed, fix })];
}

function freeSubnet(taken: readonly string[]): string {
  const all = Array.from({ length: 64 }, (_, n) => `10.${64 + n}.0.0/16`);
  return all.find((one) => !taken.some((other) => overlap(one, other))) ?? "172.31.0.0/16";
}

function takenPublished({ environment: { local }, drafts, world }: Flight): readonly Problem[] {
  const holders = world.occupied?.ports;
  if (local === undefined || holders === undefined) return [];
  const wanted = publications(drafts).filter(({ protocol }) => protocol === "tcp");
  const used = new Set(wanted.map(({ published }) => published));
  return wanted.flatMap(({ draft, service, keys, published }) => {
    const port = localPort(local, published);
    const holder = holders.get(port);
    if (holder === undefined) return [];
    let free = published;
    while (used.has(free) || holders.has(localPort(local, free))) free = (free % 65535) + 1;
    used.add(free);
    const found = `${published} of service ${service}, which would be 127.0.0.1:${port}; ${holder} holds that port`;
    const allowed = "a port that is free on 127.0.0.1";
    const fix = `\`published: ${free}\`, or end what holds it: ${howToEnd(holder, port)}`;
    return [platformProblem(draft, keys, { found, allowed, fix })];
  });
}

/** SSH of local hosts and the registry. */
function takenByMachines({ environment, world, known }: Flight): readonly Problem[] {
  const { local, hosts, registry, name } = environment;
  const holders = world.occupied?.ports;
  if (local === undefined || holders === undefined || !known.counts) return [];
  const ports = hosts.flatMap((host): [number, string][] =>
    host.kind === "local" ? [[host.sshPort, `SSH of ${host.name}`]] : [],
  );
  if (registry.kind === "local") ports.push([registryHostPort(name, local), "the registry"]);
  const taken = ports.find(([port]) => holders.has(port));
  if (taken === undefined) return [];
  const [port, what] = taken;
  const holder = holders.get(port) ?? "";
  const found = `${local.sshPortBase}: ${what} would be 127.0.0.1:${port}; ${holder} holds that port`;
  const allowed = "a first port whose 5,000 ports are free on 127.0.0.1 where they are needed";
  const fix = `\`sshPortBase: ${local.sshPortBase + 5000}\`, or end what holds it: ${howToEnd(holder, port)}`;
  return [fileProblem(["hosts", "local", "sshPortBase"], { found, allowed, fix })];
}

function howToEnd(holder: string, port: number): string {
  const [, container] = /^the container (\S+)$/.exec(holder) ?? [];
  return container === undefined
    ? `\`ss -ltnp 'sport = :${port}'\``
    : `\`docker stop ${container}\``;
}
