import { spread } from "../../model/addresses/spread";
import { addressText, parseCidr } from "../../model/addresses/subnets";
import type { LocalEngine } from "../../model/local-engines";
import type { FileSettings } from "../schema/file";
import type {
  HostSettings,
  LocalSettings,
  Role,
  ShareSettings,
  SwarmSettings,
} from "./environment";
import type { HostKind } from "./host-kind";
import { meshDefaults } from "./mesh";
import { ownSwarmSettings } from "./swarm";

/** Every default of the environment file that does not depend on other values of it. */
export const defaults = {
  prefix: "yard",
  kind: "local",
  engine: "debian-13",
  role: "worker",
  count: 1,
  labelKey: "target",
  sshPortBase: 20000,
  sharePath: "/mnt/share",
  shareData: "delete",
  nfsOptions: "hard",
  addressPools: ["10.200.0.0/16"],
  platformPool: "10.201.0.0/16",
  discovery: "vip",
  publish: "ingress",
  hostname: "container",
  drainTimeout: "1m",
  addressPoolMask: 24,
} as const satisfies {
  readonly kind: HostKind;
  readonly engine: LocalEngine;
  readonly role: Role;
  readonly [name: string]: unknown;
};

/** Addresses that local environments' networks are taken from. */
const LOCAL_POOL = "10.64.0.0/10";
const LOCAL_BITS = 16;
const OFFSET_STEP = 1000;
/** Skip 2: it maps 8080 to 10080, a port that browsers block. */
const OFFSETS = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] as const;

type AtLeastOne<T> = readonly [T, ...T[]];

/** Networks for a stack's local hosts, all the /16 of the pool: first the one that its name gives. */
export function localSubnets(stack: string): AtLeastOne<string> {
  const pool = parseCidr(LOCAL_POOL);
  const size = 2 ** (LOCAL_BITS - pool.bits);
  const start = spread(`subnet ${stack}`, size);
  const subnet = (step: number) => {
    const slot = (start + step) % size;
    return `${addressText(pool.first + slot * 2 ** (32 - LOCAL_BITS))}/${LOCAL_BITS}`;
  };
  return [subnet(0), ...Array.from({ length: size - 1 }, (_, n) => subnet(n + 1))];
}

/**
 * What may be added to a stack's published ports: 0 for the stack `local`, else 1000 to 20000, first
 * the one that its name gives.
 */
export function portOffsets(stack: string): AtLeastOne<number> {
  if (stack === "local") return [0];
  const start = spread(`ports ${stack}`, OFFSETS.length);
  const [first = 1, ...rest] = [...OFFSETS.slice(start), ...OFFSETS.slice(0, start)];
  return [first * OFFSET_STEP, ...rest.map((one) => one * OFFSET_STEP)];
}

/**
 * Settings of local hosts with defaults.
 *
 * @param kept what an earlier run chose. @default what the stack's name gives
 */
export function localDefaults(
  stack: string,
  stated: FileSettings["hosts"]["local"],
  kept: Partial<LocalSettings> = {},
): LocalSettings {
  return {
    subnet: stated?.subnet ?? kept.subnet ?? localSubnets(stack)[0],
    sshPortBase: stated?.sshPortBase ?? defaults.sshPortBase,
    portOffset: stated?.portOffset ?? kept.portOffset ?? portOffsets(stack)[0],
    engine: stated?.engine ?? kept.engine ?? defaults.engine,
  };
}

/** What decides the defaults of the share. */
export type ShareHost = Pick<HostSettings, "kind" | "name">;

/** Settings of the share with defaults; its kind follows the kinds of the hosts. */
export function shareDefaults(
  stated: FileSettings["share"],
  hosts: readonly ShareHost[],
): ShareSettings {
  const onlyAws = hosts.length > 0 && hosts.every(({ kind }) => kind === "aws");
  const natural = hosts.some(({ kind }) => kind === "ssh") ? "none" : "directory";
  const kind = stated?.kind ?? (onlyAws ? "efs" : natural);
  if (kind === "none") return { kind };
  const path = stated?.path ?? defaults.sharePath;
  // Nobody gave us what is on them to delete.
  if (kind === "existing") return { kind, path, data: "keep" };
  if (kind === "nfs") {
    const { server = "", export: exported = path, options = defaults.nfsOptions } = stated ?? {};
    const served = hosts.some(({ name }) => name === server);
    return { kind, path, data: "keep", server, served, exported, options };
  }
  const folder = { path, data: stated?.data ?? defaults.shareData };
  if (kind !== "efs") return { kind, ...folder };
  const { fileSystemId, iam } = stated ?? {};
  return {
    kind,
    ...folder,
    ...(fileSystemId === undefined ? {} : { fileSystemId }),
    ...(iam === true ? { iam } : {}),
  };
}

/** Settings of the swarm with defaults. */
export function swarmDefaults(
  stated: FileSettings["swarm"],
  hosts: readonly Pick<HostSettings, "name" | "role">[],
): SwarmSettings {
  const managers = hosts.filter(({ role }) => role === "manager").map(({ name }) => name);
  const mesh = meshDefaults(
    stated?.mesh,
    hosts.map(({ name }) => name),
  );
  return {
    firstManager: stated?.firstManager ?? managers[0] ?? "",
    addressPools: stated?.addressPools ?? defaults.addressPools,
    platformPool: stated?.platformPool ?? defaults.platformPool,
    discovery: stated?.discovery ?? defaults.discovery,
    publish: stated?.publish ?? defaults.publish,
    hostname: stated?.hostname ?? defaults.hostname,
    drainTimeout: stated?.drainTimeout ?? defaults.drainTimeout,
    ...ownSwarmSettings(stated),
    ...(mesh === undefined ? {} : { mesh }),
    ...(stated?.pruneImages === undefined ? {} : { pruneImages: stated.pruneImages }),
  };
}
