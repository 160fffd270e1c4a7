import { homedir } from "node:os";
import { listed } from "../../../model/nearest";
import { fileProblem, type Keys, type Problem } from "../../../model/problem";
import { sshDefaults } from "../../environment/ssh-defaults";
import type { FileGroup } from "../../schema/file";
import type { FileJumpHost, FileKey, FileMachine } from "../../schema/ssh";
import type { Check, Flight } from "../flight";
import { setSecret } from "../missing-secret";

/** Existing machines: whether there are some, each is another one, and their keys and secrets exist. */
export const checkMachines: Check = (flight) => [
  ...noMachines(flight),
  ...twice(flight),
  ...keys(flight),
  ...secrets(flight),
  ...idlePasswords(flight),
  ...unknownNodes(flight),
];

interface Machine {
  readonly keys: Keys;
  readonly name: string;
  readonly machine: FileMachine;
  readonly group: FileGroup;
}

function groupsOf({ environment, settings }: Flight): readonly (readonly [string, FileGroup])[] {
  return Object.entries(settings.hosts.groups).filter(
    ([name]) => environment.groups[name]?.kind === "ssh",
  );
}

function machinesOf(flight: Flight): readonly Machine[] {
  return groupsOf(flight).flatMap(([name, group]) =>
    Object.entries(group.machines ?? {}).map(([key, machine]) => ({
      keys: ["hosts", "groups", name, "machines", key],
      name: key,
      machine,
      group,
    })),
  );
}

function noMachines(flight: Flight): readonly Problem[] {
  if (!flight.known.counts) return [];
  return groupsOf(flight).flatMap(([name, { machines }]) => {
    if (machines !== undefined && Object.keys(machines).length > 0) return [];
    const about = {
      found: `${machines === undefined ? "no `machines`" : "no machine"} in a group of kind ssh`,
      allowed: "the existing machines of the group, by name",
      fix: `\`machines: { ${name}-0: { address: 203.0.113.10 } }\``,
    };
    return [fileProblem(["hosts", "groups", name, "machines"], about)];
  });
}

/** Where a machine's sshd is: address, port, and the jump host before it. */
function placeOf({ machine, group }: Machine): string {
  const via = machine.via ?? group.via ?? [];
  const hops = Array.isArray(via) ? via : [via];
  const port = machine.port ?? group.port ?? sshDefaults.port;
  const through = hops.map(({ address, port = sshDefaults.port }) => ` via ${address}:${port}`);
  return `${machine.address}:${port}${through.join("")}`;
}

function twice(flight: Flight): readonly Problem[] {
  const machines = machinesOf(flight);
  return [
    ...repeated(machines, "address", placeOf),
    ...repeated(machines, "privateAddress", ({ machine }) => machine.privateAddress),
  ];
}

function repeated(
  machines: readonly Machine[],
  key: "address" | "privateAddress",
  placed: (machine: Machine) => string | undefined,
): readonly Problem[] {
  const seen = new Map<string, string>();
  return machines.flatMap((one) => {
    const value = placed(one);
    if (value === undefined) return [];
    const first = seen.get(value);
    seen.set(value, first ?? one.name);
    if (first === undefined) return [];
    const about = {
      found: `${value}, which machine ${first} has already`,
      allowed: "a place that no other machine has",
      fix: `the ${key} of ${one.name}, or remove one of the two`,
    };
    return [fileProblem([...one.keys, key], about)];
  });
}

interface Written {
  readonly keys: Keys;
  readonly key: FileKey;
}

/** All keys as they are written, for groups, machines and jump hosts. */
function writtenKeys(flight: Flight): readonly Written[] {
  const of = (keys: Keys, login: Pick<FileMachine, "key" | "via">): Written[] => [
    ...(login.key === undefined ? [] : [{ keys: [...keys, "key"], key: login.key }]),
    ...hopsOf(login.via).flatMap(({ at, hop }) =>
      hop.key === undefined ? [] : [{ keys: [...keys, "via", ...at, "key"], key: hop.key }],
    ),
  ];
  return [
    ...groupsOf(flight).flatMap(([name, group]) => of(["hosts", "groups", name], group)),
    ...machinesOf(flight).flatMap(({ keys, machine }) => of(keys, machine)),
  ];
}

function hopsOf(via: FileMachine["via"]): { readonly at: Keys; readonly hop: FileJumpHost }[] {
  if (via === undefined) return [];
  if (!Array.isArray(via)) return [{ at: [], hop: via }];
  return via.map((hop, index) => ({ at: [index], hop }));
}

function keys(flight: Flight): readonly Problem[] {
  const { exists } = flight.world;
  return writtenKeys(flight).flatMap(({ keys, key }) => {
    if (key === "agent") return [];
    const { file, secret } = key;
    if ((file === undefined) === (secret === undefined)) {
      const about = {
        found: file === undefined ? "neither `file` nor `secret`" : "`file` next to `secret`",
        allowed: "one of the two, or `agent` instead of the map",
        fix: file === undefined ? "`{ file: ~/.ssh/id_ed25519 }`" : "remove `file`",
      };
      return [fileProblem(keys, about)];
    }
    if (file === undefined || exists === undefined || exists(inHome(file))) return [];
    const about = {
      found: `${file}, which does not exist on this machine`,
      allowed: "the file of a private key",
      fix: "`ssh-keygen -t ed25519`, or the path of your key",
    };
    return [fileProblem([...keys, "file"], about)];
  });
}

/** A path with `~` written out. */
export function inHome(path: string, home = homedir()): string {
  return path.replace(/^~(?=\/)/, home);
}

function secrets(flight: Flight): readonly Problem[] {
  const { hasSecret } = flight.world;
  if (hasSecret === undefined) return [];
  const named = writtenKeys(flight).flatMap(({ keys, key }) =>
    key === "agent"
      ? []
      : (["secret", "passphrase"] as const).map((part) => ({
          keys: [...keys, part],
          secret: key[part],
        })),
  );
  const passwords = [
    ...groupsOf(flight).map(([name, { sudoPassword }]) => ({
      keys: ["hosts", "groups", name, "sudoPassword"],
      secret: sudoPassword,
    })),
    ...machinesOf(flight).map(({ keys, machine }) => ({
      keys: [...keys, "sudoPassword"],
      secret: machine.sudoPassword,
    })),
  ];
  return [...named, ...passwords].flatMap(({ keys, secret }) => {
    if (secret === undefined || hasSecret(secret)) return [];
    const found = flight.plainKeys.includes(secret)
      ? `"${secret}", whose value in Pulumi config is not encrypted`
      : `"${secret}", which is not in Pulumi config`;
    const allowed = `the name of a secret of the environment; it has ${listed(flight.world.secretKeys ?? [])}`;
    return [fileProblem(keys, { found, allowed, fix: setSecret(secret, flight) })];
  });
}

function idlePasswords(flight: Flight): readonly Problem[] {
  return machinesOf(flight).flatMap(({ keys, machine, group }) => {
    const user = machine.user ?? group.user ?? sshDefaults.user;
    if (machine.sudoPassword === undefined || user !== sshDefaults.user) return [];
    const about = {
      found: "`sudoPassword` for the user root",
      allowed: "only for a user who becomes root with sudo",
      fix: "remove `sudoPassword`, or name the `user`",
    };
    return [fileProblem([...keys, "sudoPassword"], about)];
  });
}

/** Firewalls that would keep nodes away whose addresses only AWS will choose. */
function unknownNodes(flight: Flight): readonly Problem[] {
  const [host] = flight.environment.hosts.filter(
    (one) => one.kind === "aws" && one.aws.privateAddress === undefined,
  );
  if (host === undefined) return [];
  return groupsOf(flight).flatMap(([name, { firewall = false }]) => {
    const stated = typeof firewall === "object" ? (firewall.nodes ?? []) : [];
    if (firewall === false || stated.length > 0) return [];
    const about = {
      found: `a firewall next to ${host.name}, whose address is not known before it exists`,
      allowed: "nodes whose addresses or networks are known",
      fix: "`firewall: { nodes: [<the subnet of these machines>] }`, or their `privateAddresses`",
    };
    return [fileProblem(["hosts", "groups", name, "firewall"], about)];
  });
}
