import { allot, spread } from "../../model/addresses/spread";
import { addressText, overlap, parseCidr } from "../../model/addresses/subnets";
import type { FileGroup, FileSettings } from "../schema/file";
import type { AwsDisk, AwsHostSettings, AwsImage, AwsSettings, AwsZone } from "./aws";
import { architectureOf, gpusOf } from "./instance-types";

/** Defaults of machines on AWS. */
export const awsDefaultValues = {
  vpc: "10.20.0.0/16",
  instanceType: "t3.medium",
  diskType: "gp3",
  diskSize: 30,
  image: "ubuntu",
} as const;

/** Narrowest and widest VPC that is split into subnets. */
export const VPC_BITS = { widest: 16, narrowest: 24 } as const;

/** Addresses at the start of a subnet that are reserved: AWS's own, the share's, and some spare ones. */
const RESERVED = 8;
const SHARE_ADDRESS = 4;

/** A host of an AWS group as written in the file. */
export interface WrittenHost {
  readonly name: string;
  readonly group: FileGroup;
  /** @default chosen by its name in a new VPC, by AWS in an existing one */
  readonly privateAddress?: string;
}

/** A host with the zone that it is in. */
interface PlacedHost extends WrittenHost {
  readonly zone: string;
}

/** Hosts of a group with the addresses that it lists for them, in the order of their names. */
export function writtenHosts(group: FileGroup, names: readonly string[]): readonly WrittenHost[] {
  const { privateAddresses = [] } = group;
  return names.map((name, index) => {
    const privateAddress = privateAddresses[index];
    return { name, group, ...(privateAddress === undefined ? {} : { privateAddress }) };
  });
}

/** Settings of the environment and of each of its hosts on AWS. */
export interface OnAws {
  readonly settings: AwsSettings;
  readonly hosts: ReadonlyMap<string, AwsHostSettings>;
}

/** Fills in the defaults of an environment on AWS. */
export function completeAws(stated: FileSettings["aws"], written: readonly WrittenHost[]): OnAws {
  const region = stated?.region ?? "";
  const fallback = Object.keys(stated?.vpc?.subnets ?? {}).sort();
  const placed = written.map((host) => ({
    ...host,
    zone: zoneOf(host, fallback[0] ?? `${region}a`),
  }));
  const vpc = vpcOf(stated?.vpc);
  const inUse = [...new Set(placed.map(({ zone }) => zone))].sort();
  const settings: AwsSettings = {
    region,
    adminCidrs: stated?.adminCidrs ?? [],
    publicCidrs: stated?.publicCidrs ?? [],
    reach: stated?.reach ?? "public",
    vpc,
    zones: inUse.map((zone) => zoneSettings(zone, vpc, stated?.vpc?.subnets ?? {})),
    tags: stated?.tags ?? {},
    ...(stated?.permissionsBoundary === undefined
      ? {}
      : { permissionsBoundary: stated.permissionsBoundary }),
    ...(stated?.rotateHostKeys === true ? { rotateHostKeys: true } : {}),
    ...(stated?.sshKey === undefined ? {} : { sshKey: stated.sshKey }),
  };
  const chosen = addressesIn(settings.zones, placed);
  const hosts = placed.map((host): [string, AwsHostSettings] => [
    host.name,
    hostSettings({ privateAddress: chosen.get(host.name), ...host }),
  ]);
  return { settings, hosts: new Map(hosts) };
}

function vpcOf(stated: NonNullable<FileSettings["aws"]>["vpc"]): AwsSettings["vpc"] {
  if (stated?.id !== undefined) return { kind: "existing", id: stated.id };
  return { kind: "new", cidr: stated?.cidr ?? awsDefaultValues.vpc };
}

/** Hosts take turns in the group's zones, by the number at the end of their names, so that removing one moves no other. */
function zoneOf({ name, group }: WrittenHost, fallback: string): string {
  const zones = group.zones ?? [];
  const number = /(\d+)$/.exec(name)?.[1];
  const turn = number === undefined ? spread(name, zones.length || 1) : Number(number);
  return zones[turn % (zones.length || 1)] ?? fallback;
}

function zoneSettings(
  zone: string,
  vpc: AwsSettings["vpc"],
  subnets: { readonly [zone: string]: string },
): AwsZone {
  if (vpc.kind === "existing") return { zone, subnet: { id: subnets[zone] ?? "" } };
  const cidr = zoneSubnet(vpc.cidr, zone);
  return { zone, subnet: { cidr }, shareAddress: nth(cidr, SHARE_ADDRESS) };
}

/**
 * Network of a zone in a new VPC. It depends on the zone's letter alone, so that adding a zone moves no other.
 *
 * @example zoneSubnet("10.20.0.0/16", "eu-west-1b") // "10.20.2.0/24"
 */
export function zoneSubnet(vpc: string, zone: string): string {
  const { first, bits } = parseCidr(vpc);
  const subnetBits = Math.min(28, Math.max(24, bits + 4));
  const number = zone.charCodeAt(zone.length - 1) - "a".charCodeAt(0) + 1;
  return `${addressText(first + number * 2 ** (32 - subnetBits))}/${subnetBits}`;
}

function nth(cidr: string, n: number): string {
  return addressText(parseCidr(cidr).first + n);
}

/** Addresses of hosts that state none: by their names, within their zone's subnet of a new VPC. */
function addressesIn(
  zones: readonly AwsZone[],
  placed: readonly PlacedHost[],
): ReadonlyMap<string, string> {
  const stated = placed.flatMap(({ privateAddress }) => privateAddress ?? []);
  return new Map(
    zones.flatMap(({ zone, subnet }) => {
      if (!("cidr" in subnet)) return [];
      const { first, last } = parseCidr(subnet.cidr);
      const here = placed.filter((host) => host.zone === zone && host.privateAddress === undefined);
      const names = here.map((host) => host.name);
      const address = (slot: number) => addressText(first + RESERVED + slot);
      const taken = (slot: number) =>
        stated.some((other) => overlap(`${other}/32`, `${address(slot)}/32`));
      const slots = allot(names, last - first - RESERVED, taken);
      return [...slots].map(([name, slot]): [string, string] => [name, address(slot)]);
    }),
  );
}

function hostSettings({ group, zone, privateAddress }: PlacedHost): AwsHostSettings {
  const instanceType = group.instanceType ?? awsDefaultValues.instanceType;
  return {
    instanceType,
    architecture: architectureOf(instanceType),
    gpus: gpusOf(instanceType),
    disk: diskOf(group.disk),
    spot: group.spot ?? false,
    zone,
    ...(privateAddress === undefined ? {} : { privateAddress }),
    image: imageOf(group.image ?? awsDefaultValues.image),
    tags: group.tags ?? {},
  };
}

function imageOf(stated: string): AwsImage {
  if (stated === "ubuntu" || stated === "al2023") return stated;
  return `ami-${stated.replace(/^ami-/, "")}`;
}

function diskOf(stated: FileGroup["disk"]): AwsDisk {
  return {
    type: stated?.type ?? awsDefaultValues.diskType,
    size: stated?.size ?? awsDefaultValues.diskSize,
    ...(stated?.iops === undefined ? {} : { iops: stated.iops }),
    ...(stated?.throughput === undefined ? {} : { throughput: stated.throughput }),
  };
}
