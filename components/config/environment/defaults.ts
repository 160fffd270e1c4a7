import { spread } from "../../model/addresses/spread";
import { addressText, parseCidr } from "../../model/addresses/subnets";
import type { FileSettings } from "../schema/file";
import type { LocalSettings, Role, ShareSettings, SwarmSettings } from "./environment";
import type { HostKind } from "./host-kind";

/** Every default of the environment file that does not depend on other values of it. */
export const defaults = {
  prefix: "yard",
  kind: "local",
  role: "worker",
  count: 1,
  labelKey: "target",
  sshPortBase: 20000,
  sharePath: "/mnt/share",
  shareData: "delete",
  addressPools: ["10.200.0.0/16"],
  platformPool: "10.201.0.0/16",
  discovery: "vip",
  publish: "ingress",
  drainTimeout: "1m",
} as const satisfies {
  readonly kind: HostKind;
  readonly role: Role;
  readonly [name: string]: unknown;
};

/** Addresses that local environments' networks are taken from. */
const LOCAL_POOL = "10.64.0.0/10";
const LOCAL_BITS = 16;
const OFFSET_STEP = 1000;
/** Skip 2: it maps 8080 to 10080, a port that browsers block. */
const OFFSETS = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] as const;

/** Network of a stack's local hosts: a /16 that depends on the stack's name alone. */
export function localSubnet(stack: string): string {
  const pool = parseCidr(LOCAL_POOL);
  const slot = spread(`subnet ${stack}`, 2 ** (LOCAL_BITS - pool.bits));
  return `${addressText(pool.first + slot * 2 ** (32 - LOCAL_BITS))}/${LOCAL_BITS}`;
}

/** The offset added to published ports: 0 for the stack `local`, else 1000 to 20000 by the stack's name. */
export function portOffset(stack: string): number {
  if (stack === "local") return 0;
  return (OFFSETS[spread(`ports ${stack}`, OFFSETS.length)] ?? 1) * OFFSET_STEP;
}

/** Settings of local hosts with defaults. */
export function localDefaults(
  stack: string,
  stated: FileSettings["hosts"]["local"],
): LocalSettings {
  return {
    subnet: stated?.subnet ?? localSubnet(stack),
    sshPortBase: stated?.sshPortBase ?? defaults.sshPortBase,
    portOffset: stated?.portOffset ?? portOffset(stack),
  };
}

/** Settings of the share with defaults; its kind follows the kinds of the hosts. */
export function shareDefaults(
  stated: FileSettings["share"],
  kinds: readonly HostKind[],
): ShareSettings {
  const onlyAws = kinds.length > 0 && kinds.every((one) => one === "aws");
  const kind = stated?.kind ?? (onlyAws ? "efs" : "directory");
  if (kind === "none") return { kind };
  const folder = {
    path: stated?.path ?? defaults.sharePath,
    data: stated?.data ?? defaults.shareData,
  };
  if (kind !== "efs") return { kind, ...folder };
  const { fileSystemId } = stated ?? {};
  return { kind, ...folder, ...(fileSystemId === undefined ? {} : { fileSystemId }) };
}

/** Settings of the swarm with defaults. */
export function swarmDefaults(
  stated: FileSettings["swarm"],
  managers: readonly string[],
): SwarmSettings {
  return {
    firstManager: stated?.firstManager ?? managers[0] ?? "",
    addressPools: stated?.addressPools ?? defaults.addressPools,
    platformPool: stated?.platformPool ?? defaults.platformPool,
    discovery: stated?.discovery ?? defaults.discovery,
    publish: stated?.publish ?? defaults.publish,
    drainTimeout: stated?.drainTimeout ?? defaults.drainTimeout,
  };
}
