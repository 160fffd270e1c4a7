import { listed, suggestion } from "../../../model/nearest";
import { fileProblem, type Keys, type Problem } from "../../../model/problem";
import type { HostKind } from "../../environment/host-kind";
import { nodeNameOf } from "../../environment/ssh-defaults";
import { awsGroupKeys, type FileGroup, sshGroupKeys } from "../../schema/file";
import type { Check, Flight } from "../flight";

/** Managers, groups and names of hosts. */
export const checkHosts: Check = (flight) => [
  ...noManager(flight),
  ...firstManager(flight),
  ...groupContradictions(flight),
  ...invalidNames(flight),
  ...duplicateNames(flight),
];

function managers({ environment }: Flight): readonly string[] {
  return environment.hosts.filter((host) => host.role === "manager").map((host) => host.name);
}

function noManager(flight: Flight): readonly Problem[] {
  if (!flight.known.counts || managers(flight).length > 0) return [];
  const groups = Object.keys(flight.environment.groups);
  const found = groups.length === 0 ? "no group of hosts" : "no manager: all hosts are workers";
  const allowed = "at least one host with `role: manager`; 3 or 5 survive the loss of 1 or 2";
  const fix = `\`role: manager\` in one of the groups ${listed(groups)}`;
  return [
    fileProblem(["hosts", "groups"], { found, allowed, fix: groups.length > 0 ? fix : example }),
  ];
}

const example = "`groups: { platform: { role: manager } }`";

/** More make a swarm slower, not safer. */
const MOST_MANAGERS = 7;

/** An even number of managers survives no more losses than one fewer. */
export const warnQuorum: Check = (flight) => {
  const names = managers(flight);
  if (!flight.known.counts || names.length === 0) return [];
  if (names.length > MOST_MANAGERS) {
    const found = `${names.length} managers, each of which must write down every change`;
    const allowed = `up to ${MOST_MANAGERS}, which survive the loss of 3`;
    return [
      fileProblem(["hosts", "groups"], { found, allowed, fix: "`role: worker` for the others" }),
    ];
  }
  if (names.length % 2 === 1) return [];
  const found = `${names.length} managers: ${names.join(", ")}`;
  const survives = names.length / 2 - 1;
  const allowed = `an odd number; ${names.length} survive the loss of ${survives}, as ${names.length - 1} do`;
  const fix = "`role: worker` for one, or one more manager";
  return [fileProblem(["hosts", "groups"], { found, allowed, fix })];
};

function firstManager(flight: Flight): readonly Problem[] {
  const stated = flight.settings.swarm?.firstManager;
  const names = managers(flight);
  if (stated === undefined || !flight.known.counts || names.includes(stated)) return [];
  const isHost = flight.environment.hosts.some((host) => host.name === stated);
  const found = isHost ? `${stated}, which is a worker` : `${stated}, which is not a host`;
  const fix = suggestion(stated, names, `\`firstManager: ${names[0] ?? "<manager>"}\``);
  return [fileProblem(["swarm", "firstManager"], { found, allowed: listed(names), fix })];
}

function groupContradictions({ settings, environment }: Flight): readonly Problem[] {
  return Object.entries(settings.hosts.groups).flatMap(([name, group]) => {
    const keys = ["hosts", "groups", name];
    const problems: Problem[] = [];
    if (group.count !== undefined && group.names !== undefined) {
      const found = `count: ${group.count} next to ${group.names.length} names`;
      problems.push(
        fileProblem([...keys, "count"], {
          found,
          allowed: "`count` or `names`, not both",
          fix: "remove `count`",
        }),
      );
    }
    const kind = environment.groups[name]?.kind;
    return kind === undefined ? problems : [...problems, ...foreignKeys(keys, group, kind)];
  });
}

/** Fields of a group that belong to another kind of machines. */
function foreignKeys(keys: Keys, group: FileGroup, kind: HostKind): readonly Problem[] {
  const counted = ["count", "names"] as const;
  const foreign: readonly (readonly [readonly (keyof FileGroup)[], string])[] = [
    [kind === "aws" ? [] : awsGroupKeys, "only in groups of kind aws"],
    [kind === "ssh" ? [] : sshGroupKeys, "only in groups of kind ssh"],
    [kind === "local" ? [] : ["engine"], "only in groups of kind local"],
    [kind === "ssh" ? counted : [], "`machines`: a group of kind ssh lists existing machines"],
  ];
  return foreign.flatMap(([names, allowed]) =>
    names
      .filter((key) => group[key] !== undefined)
      .map((key) => {
        const found = `\`${key}\` in a group of kind ${kind}`;
        return fileProblem([...keys, key], { found, allowed, fix: `remove \`${key}\`` });
      }),
  );
}

const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST_NAME = 63;

function invalidNames(flight: Flight): readonly Problem[] {
  return named(flight).flatMap(({ host, keys, checked }) => {
    if (checked || (HOST_NAME.test(host) && host.length <= LONGEST_NAME)) return [];
    const tooLong = host.length > LONGEST_NAME;
    const found = tooLong ? `"${host}", which has ${host.length} letters` : `"${host}"`;
    const allowed =
      "1 to 63 lowercase letters, digits and `-`, with a letter or digit at both ends";
    const near = host
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, "-")
      .slice(0, LONGEST_NAME)
      .replaceAll(/^-+|-+$/g, "");
    const fix = tooLong ? "a shorter name" : near === "" ? "another name" : `\`${near}\``;
    return [fileProblem(keys, { found, allowed, fix })];
  });
}

function duplicateNames(flight: Flight): readonly Problem[] {
  const seen = new Map<string, string>();
  return named(flight).flatMap(({ host, group, keys }) => {
    const first = seen.get(host);
    seen.set(host, first ?? group);
    if (first === undefined) return [];
    const found = `"${host}", which group ${first} has already`;
    return [
      fileProblem(keys, { found, allowed: "a name that no other host has", fix: "another name" }),
    ];
  });
}

interface Named {
  readonly host: string;
  readonly group: string;
  readonly keys: Keys;
  /** The schema has checked its form. */
  readonly checked: boolean;
}

/** Hosts with the place in the file that defines them. */
function named({ environment, settings }: Flight): readonly Named[] {
  return Object.entries(environment.groups).flatMap(([group, { hosts, kind }]): Named[] => {
    const { machines = {} } = settings.hosts.groups[group] ?? {};
    if (kind === "ssh") {
      return Object.entries(machines).map(([machine, one]) => {
        const stated = one.nodeName === undefined ? [] : ["nodeName"];
        const keys: Keys = ["hosts", "groups", group, "machines", machine, ...stated];
        return { host: nodeNameOf(machine, one), group, keys, checked: true };
      });
    }
    return hosts.map((host, index) => {
      const explicit = settings.hosts.groups[group]?.names !== undefined;
      const keys: Keys = ["hosts", "groups", group];
      const place = explicit ? [...keys, "names", index] : keys;
      return { host, group, keys: place, checked: false };
    });
  });
}
