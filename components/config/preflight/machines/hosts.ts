import { listed, suggestion } from "../../../model/nearest";
import { fileProblem, type Keys, type Problem } from "../../../model/problem";
import { awsGroupKeys } from "../../schema/file";
import type { Check, Flight } from "../flight";

/** Managers, groups and names of hosts. */
export const checkHosts: Check = (flight) => [
  ...noManager(flight),
  ...firstManager(flight),
  ...groupContradictions(flight),
  ...laterKinds(flight),
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

/** An even number of managers survives no more losses than one fewer. */
export const warnQuorum: Check = (flight) => {
  const names = managers(flight);
  if (!flight.known.counts || names.length === 0 || names.length % 2 === 1) return [];
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
    if (kind !== undefined && kind !== "local" && group.engine !== undefined) {
      const found = `\`engine\` in a group of kind ${kind}`;
      const allowed = "only in groups of kind local";
      problems.push(fileProblem([...keys, "engine"], { found, allowed, fix: "remove `engine`" }));
    }
    if (kind === undefined || kind === "aws") return problems;
    for (const key of awsGroupKeys.filter((key) => group[key] !== undefined)) {
      const allowed = "only in groups of kind aws";
      const found = `\`${key}\` in a group of kind ${kind}`;
      problems.push(fileProblem([...keys, key], { found, allowed, fix: `remove \`${key}\`` }));
    }
    return problems;
  });
}

function laterKinds({ settings, environment }: Flight): readonly Problem[] {
  const allowed = "local, aws; existing machines over SSH are not built yet";
  const ssh = Object.entries(environment.groups).filter(([, group]) => group.kind === "ssh");
  if (ssh.length === 0) return [];
  const own = ssh.filter(([name]) => settings.hosts.groups[name]?.kind === "ssh");
  const places: Keys[] = own.map(([name]) => ["hosts", "groups", name, "kind"]);
  if (own.length < ssh.length) places.unshift(["hosts", "kind"]);
  return places.map((keys) => fileProblem(keys, { found: '"ssh"', allowed, fix: "`kind: local`" }));
}

const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST_NAME = 63;

function invalidNames(flight: Flight): readonly Problem[] {
  return named(flight).flatMap(({ host, keys }) => {
    if (HOST_NAME.test(host) && host.length <= LONGEST_NAME) return [];
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

/** Hosts with the place in the file that defines them. */
function named({ environment, settings }: Flight): readonly {
  readonly host: string;
  readonly group: string;
  readonly keys: Keys;
}[] {
  return Object.entries(environment.groups).flatMap(([group, { hosts }]) =>
    hosts.map((host, index) => {
      const explicit = settings.hosts.groups[group]?.names !== undefined;
      const keys: Keys = ["hosts", "groups", group];
      return { host, group, keys: explicit ? [...keys, "names", index] : keys };
    }),
  );
}
