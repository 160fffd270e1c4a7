import { addressText, contains, parseCidr } from "../../../model/addresses/subnets";
import { fileProblem, type Keys, type Problem } from "../../../model/problem";
import type { AwsZone } from "../../environment/aws";
import type { AwsMachineSettings } from "../../environment/environment";
import type { Check, Flight } from "../flight";

interface Place {
  readonly host: AwsMachineSettings;
  readonly keys: Keys;
  /** As stated in the file; undefined when chosen automatically. */
  readonly stated: string | undefined;
  readonly zone: AwsZone | undefined;
}

/** Fixed addresses of hosts on AWS. */
export const checkAddresses: Check = (flight) => [
  ...counts(flight),
  ...outside(flight),
  ...duplicates(flight),
  ...full(flight),
  ...managersWithout(flight),
];

function places({ environment, settings }: Flight): readonly Place[] {
  return Object.entries(environment.groups).flatMap(([group, { hosts }]) =>
    hosts.flatMap((name, index): Place[] => {
      const host = environment.hosts.find((one) => one.name === name && one.group === group);
      if (host?.kind !== "aws") return [];
      const stated = settings.hosts.groups[group]?.privateAddresses?.[index];
      const zone = environment.aws?.zones.find((one) => one.zone === host.aws.zone);
      const keys = ["hosts", "groups", group, "privateAddresses"];
      return [{ host, keys: stated === undefined ? keys : [...keys, index], stated, zone }];
    }),
  );
}

function counts({ environment, settings }: Flight): readonly Problem[] {
  return Object.entries(environment.groups).flatMap(([name, { kind, hosts }]) => {
    const addresses = settings.hosts.groups[name]?.privateAddresses;
    if (kind !== "aws" || addresses === undefined || addresses.length === hosts.length) return [];
    const found = `${addresses.length} addresses for ${hosts.length} hosts`;
    const keys = ["hosts", "groups", name, "privateAddresses"];
    return [
      fileProblem(keys, {
        found,
        allowed: "one address for each host",
        fix: "the missing addresses",
      }),
    ];
  });
}

/** AWS keeps four addresses at the start of a subnet and the last one; the next is the share's. */
const FIRST_FREE = 5;

function outside(flight: Flight): readonly Problem[] {
  return places(flight).flatMap(({ host, keys, stated, zone }) => {
    if (stated === undefined || zone === undefined || !("cidr" in zone.subnet)) return [];
    const { cidr } = zone.subnet;
    const { first, last } = parseCidr(cidr);
    const range = `${addressText(first + FIRST_FREE)} to ${addressText(last - 1)}`;
    const address = parseCidr(`${stated}/32`).first;
    const fix = `\`${addressText(first + 10)}\``;
    if (!contains(cidr, `${stated}/32`)) {
      const found = `${stated} for ${host.name}, which is not in ${cidr}, the subnet of ${zone.zone}`;
      return [fileProblem(keys, { found, allowed: `an address from ${range}`, fix })];
    }
    if (address >= first + FIRST_FREE && address < last) return [];
    const found = `${stated} for ${host.name}, which AWS or the share needs`;
    return [fileProblem(keys, { found, allowed: `an address from ${range}`, fix })];
  });
}

function duplicates(flight: Flight): readonly Problem[] {
  const owners = new Map<string, string>();
  return places(flight).flatMap(({ host, keys, stated }) => {
    if (stated === undefined) return [];
    const owner = owners.get(stated);
    owners.set(stated, owner ?? host.name);
    if (owner === undefined) return [];
    const found = `${stated}, which ${owner} has already`;
    return [
      fileProblem(keys, {
        found,
        allowed: "an address that no other host has",
        fix: "another address",
      }),
    ];
  });
}

/** Hosts for which no address is left in their zone's subnet. */
function full(flight: Flight): readonly Problem[] {
  if (flight.environment.aws?.vpc.kind !== "new") return [];
  const without = places(flight).filter(({ host }) => host.aws.privateAddress === undefined);
  const zones = [...new Set(without.map(({ host }) => host.aws.zone))];
  return zones.map((zone) => {
    const names = without.filter(({ host }) => host.aws.zone === zone).map(({ host }) => host.name);
    const found = `no address left in ${zone} for ${names.join(", ")}`;
    const allowed = "a VPC and zones with an address for each host";
    return fileProblem(["aws", "vpc", "cidr"], {
      found,
      allowed,
      fix: "`cidr: 10.20.0.0/16`, or more zones",
    });
  });
}

// Managers' addresses must be known before the machines exist: the other hosts find them by these.
function managersWithout(flight: Flight): readonly Problem[] {
  if (flight.environment.aws?.vpc.kind !== "existing") return [];
  const groups = places(flight)
    .filter(({ host, stated }) => host.role === "manager" && stated === undefined)
    .map(({ host }) => host.group);
  return [...new Set(groups)].map((group) => {
    const found = "nothing, for managers in an existing VPC";
    const allowed = "a free address of its subnet for each manager";
    const keys = ["hosts", "groups", group, "privateAddresses"];
    const fix = "`privateAddresses: [<address>]`";
    return fileProblem(keys, { found, allowed, fix, echo: "missing" });
  });
}
