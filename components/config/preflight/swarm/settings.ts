import { isIPv4 } from "node:net";
import { overlap } from "../../../model/addresses/subnets";
import { fileProblem, type Keys, type Problem } from "../../../model/problem";
import { gossipPort, managerPort } from "../../../model/swarm-ports";
import type { HostSettings } from "../../environment/environment";
import type { NodeAddresses } from "../../environment/swarm";
import type { Check, Flight } from "../flight";

/** Settings of the swarm itself that contradict each other, the hosts or Docker. */
export const checkSwarm: Check = (flight) => [
  ...ports(flight),
  ...unlockKey(flight),
  ...tokenFiles(flight),
  ...ownAddresses(flight),
  ...statements(flight).flatMap((one) => wrongAddress(one)),
];

function ports({ environment: { swarm } }: Flight): readonly Problem[] {
  if (swarm.dataPathPort !== gossipPort) return [];
  const found = `${gossipPort}, by which nodes find each other`;
  const allowed = "another port from 1024 to 49151";
  return [fileProblem(["swarm", "dataPathPort"], { found, allowed, fix: "`dataPathPort: 4789`" })];
}

function unlockKey({ environment: { swarm } }: Flight): readonly Problem[] {
  if (swarm.rotateUnlockKey === undefined || swarm.autolock === true) return [];
  const found = `"${swarm.rotateUnlockKey}" without \`autolock: true\``;
  const allowed = "a new unlock key only where the swarm has one";
  const fix = "`autolock: true`, or remove `rotateUnlockKey`";
  return [fileProblem(["swarm", "rotateUnlockKey"], { found, allowed, fix })];
}

function tokenFiles({ environment: { swarm, share } }: Flight): readonly Problem[] {
  const { tokenFiles: wanted = false } = swarm;
  if (wanted === false || share.kind !== "none") return [];
  const found = `${wanted} next to a share of kind none`;
  const allowed = "token files where hosts have a share";
  const fix = "`tokenFiles: false`, or another kind of share";
  return [fileProblem(["swarm", "tokenFiles"], { found, allowed, fix })];
}

/** Hosts whose own address is in a network that swarm gives away. */
function ownAddresses({ environment: { hosts, swarm } }: Flight): readonly Problem[] {
  // Docker's own pool is all of 10.0.0.0/8, and a swarm that is taken over has lived with it.
  const pools = swarm.adopt === true ? [] : swarm.addressPools;
  const networks: readonly (readonly [Keys, string])[] = [
    ...pools.map((pool, index) => [["swarm", "addressPools", index], pool] as const),
    [["swarm", "platformPool"], swarm.platformPool],
    ...(swarm.ingress?.subnet === undefined
      ? []
      : [[["swarm", "ingress", "subnet"], swarm.ingress.subnet] as const]),
  ];
  return networks.flatMap(([keys, network]) => {
    const inside = hosts.flatMap((host) => {
      const address = addressOf(host);
      return address !== undefined && overlap(`${address}/32`, network)
        ? [`${host.name} (${address})`]
        : [];
    });
    const [first] = inside;
    if (first === undefined) return [];
    const more = inside.length > 1 ? ` and ${inside.length - 1} more` : "";
    const found = `${network}, which has the address of ${first}${more}`;
    const allowed = "a network without addresses of hosts";
    return [fileProblem(keys, { found, allowed, fix: "another network" })];
  });
}

/** Those of local hosts and of a new VPC are in networks that are compared as a whole. */
function addressOf(host: HostSettings): string | undefined {
  if (host.kind === "aws") return host.aws.privateAddress;
  if (host.kind !== "ssh") return undefined;
  const { privateAddress, address, via } = host.ssh;
  // What a jump host dials, or a name, may be anything.
  return privateAddress ?? (via.length === 0 && isIPv4(address) ? address : undefined);
}

/** One place in the file that says where nodes are reached, and the hosts that it counts for. */
interface Statement {
  readonly keys: Keys;
  readonly field: keyof NodeAddresses;
  readonly value: string;
  readonly hosts: readonly HostSettings[];
}

const fields = ["advertise", "listen", "dataPath"] as const;

function statements({ environment: { hosts }, settings }: Flight): readonly Statement[] {
  const { groups } = settings.hosts;
  return fields.flatMap((field) => {
    const value = settings.swarm?.[field];
    const others = hosts.filter(({ group }) => groups[group]?.[field] === undefined);
    const own = Object.entries(groups).flatMap(([name, group]): readonly Statement[] => {
      const stated = group[field];
      const members = hosts.filter((host) => host.group === name);
      const keys = ["hosts", "groups", name, field];
      return stated === undefined ? [] : [{ keys, field, value: stated, hosts: members }];
    });
    if (value === undefined) return own;
    return [{ keys: ["swarm", field], field, value, hosts: others }, ...own];
  });
}

const EVERY = "0.0.0.0";

function wrongAddress({ keys, field, value, hosts }: Statement): readonly Problem[] {
  const [place = "", port = String(managerPort)] = value.split(":");
  const problem = (found: string, allowed: string, fix: string) => [
    fileProblem(keys, { found, allowed, fix }),
  ];
  const isAddress = /^[\d.]+$/.test(place);
  if (place === EVERY && field !== "listen") {
    const allowed = "an address or interface at which other nodes reach this one";
    return problem(value, allowed, `\`${field}: eth0\``);
  }
  if (isAddress && place !== EVERY && hosts.length > 1) {
    const found = `${value}, the same address for ${hosts.length} hosts`;
    const allowed = "an interface, or an address in a group of one host";
    return problem(found, allowed, `\`${field}: ${value.replace(place, "eth0")}\``);
  }
  const local = hosts.find(({ kind }) => kind === "local");
  if (local !== undefined && !isAddress && place !== "eth0") {
    const found = `${value}; ${local.name} is a local host, which has the interface eth0 only`;
    return problem(found, "eth0", `\`${field}: ${value.replace(place, "eth0")}\``);
  }
  if (hosts.some(({ kind }) => kind === "aws") && Number(port) !== managerPort) {
    const found = `${value}; between machines on AWS only port ${managerPort} is open`;
    return problem(found, `no port, or ${managerPort}`, `\`${field}: ${place}\``);
  }
  return [];
}
