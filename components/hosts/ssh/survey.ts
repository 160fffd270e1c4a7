import * as pulumi from "@pulumi/pulumi";
import type { Environment, SshHostSettings } from "../../config/environment/environment";
import { type Connection, pinned } from "../../engine/login";
import { trustedText, type Wanted } from "../../engine/machine/complaints";
import type { MachineFacts } from "../../engine/machine/facts";
import { inspect } from "../../engine/machine/inspect";
import { HostConnection } from "../../engine/ssh";
import { ifKnown } from "../../resources/known";
import { Machine } from "../../resources/machine";
import type { Lifetime, OwnMachine, OwnMachines, PinnedConnection } from "../host";
import { adoptsOf, type Member, onlyOnce, swarmProblem } from "./adopted";
import { connectionOf } from "./connection";

/** An existing machine that can become a node. */
export interface Surveyed {
  readonly machine: Machine;
  /** A secret, with the pinned host keys. */
  readonly connection: pulumi.Output<PinnedConnection>;
  readonly lifetime: Lifetime;
  /** Undefined in the preview of a machine that the program has yet to create. */
  readonly facts?: MachineFacts;
}

/** What a machine is, in this run. */
interface Seen {
  readonly facts?: MachineFacts;
  /** Id of the swarm that it was in before the environment; empty for none. */
  readonly member?: string | undefined;
  readonly complaints: readonly string[];
}

/**
 * Looks at all existing machines of an environment at once: over SSH where they are new or their
 * settings changed, else in the state. A preview looks itself, since it creates nothing.
 *
 * @throws pulumi.RunError with one message for each machine that cannot be used
 */
export async function surveyMachines(
  environment: Environment,
  own: OwnMachines = () => undefined,
  opts: pulumi.CustomResourceOptions = {},
): Promise<ReadonlyMap<string, Surveyed>> {
  const hosts = environment.hosts.filter((host) => host.kind === "ssh");
  const adopts = adoptsOf(environment);
  const declared = hosts.map((host) => declare(host, own(host), adopts, opts));
  const seen = await Promise.all(declared.map(see));
  const all = onlyOnce(seen.map(({ complaints }) => complaints));
  const wrong = declared.flatMap(({ host }, index) => {
    const complaints = all[index] ?? [];
    return complaints.length === 0 ? [] : [describe(host, complaints)];
  });
  if (wrong.length > 0) throw new pulumi.RunError(headline(environment, hosts.length, wrong));
  if (adopts !== undefined) refuseSwarms(environment, membersOf(declared, seen));
  return new Map(
    declared.map(({ host, machine, connection, ...one }, index): [string, Surveyed] => {
      const { facts, member = "" } = seen[index] ?? {};
      const known = facts === undefined ? {} : { facts };
      const was = one.lifetime.kind === "outlives" && member !== "" ? { member: true } : {};
      const lifetime = { ...one.lifetime, ...was };
      return [host.name, { machine, connection, lifetime, ...known }];
    }),
  );
}

function membersOf(declared: readonly Declared[], seen: readonly Seen[]): readonly Member[] {
  return declared.flatMap(({ host: { name } }, index): Member[] => {
    const { member } = seen[index] ?? {};
    return member === undefined ? [] : [{ name, swarm: member }];
  });
}

function refuseSwarms(environment: Environment, members: readonly Member[]): void {
  const problem = swarmProblem(environment.swarm.firstManager, members);
  if (problem === undefined) return;
  throw new pulumi.RunError(`swarmyard:swarm.adopt: ${problem.found}\n  fix: ${problem.fix}`);
}

/** The environment that a machine belongs to. */
export function ownerOf(): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}`;
}

interface Declared {
  readonly host: SshHostSettings;
  readonly wanted: Wanted;
  readonly given: pulumi.Output<Connection>;
  readonly machine: Machine;
  readonly connection: pulumi.Output<PinnedConnection>;
  readonly lifetime: Lifetime;
}

/** Seconds that a machine which the program creates may take until its sshd answers. */
const BOOT_SECONDS = 300;

function declare(
  host: SshHostSettings,
  own: OwnMachine | undefined,
  adopts: readonly string[] | undefined,
  opts: pulumi.CustomResourceOptions,
): Declared {
  const { privateAddress, setHostname, engine } = host.ssh;
  const given = own === undefined ? connectionOf(host) : ofOwn(connectionOf(host), own);
  const asked = {
    nodeName: host.name,
    owner: ownerOf(),
    ...(privateAddress === undefined ? {} : { privateAddress }),
    ...(adopts === undefined || own !== undefined ? {} : { adopts }),
  };
  const machine = new Machine(
    `${host.name}-machine`,
    {
      ...asked,
      connection: pulumi.secret(given.apply((way) => JSON.stringify(way))),
      ...(setHostname ? { setHostname } : {}),
      ...(engine.source === "docker" ? { enginePackages: engine.source } : {}),
      ...(own === undefined ? {} : { patience: BOOT_SECONDS }),
    },
    own === undefined ? opts : pulumi.mergeOptions(opts, boundTo(own.resource)),
  );
  const { identity } = machine;
  const lifetime: Lifetime =
    own === undefined
      ? { kind: "outlives", identity }
      : { kind: "stack", resource: own.resource, incarnation: identity };
  const connection = pulumi.secret(
    pulumi
      .all([given, machine.hostKey, machine.hopKeys])
      .apply(([way, hostKey, hopKeys]) => pinned(way, hostKey, hopKeys)),
  );
  const wanted = { ...asked, setHostname, packages: engine.source };
  return { host, wanted, given, machine, connection, lifetime };
}

function boundTo(resource: pulumi.Resource): pulumi.CustomResourceOptions {
  return { dependsOn: [resource], replaceWith: [resource], deletedWith: resource };
}

function ofOwn(
  way: pulumi.Output<Connection>,
  { address, privateKey, hostKey }: OwnMachine,
): pulumi.Output<Connection> {
  return pulumi
    .all([way, address, privateKey, hostKey] as const)
    .apply(([stated, host, key, pinnedKey]) => ({
      ...stated,
      host,
      ...(key === undefined ? {} : { privateKey: key }),
      ...(pinnedKey === undefined ? {} : { hostKey: pinnedKey }),
    }));
}

async function see({ host, wanted, given, machine }: Declared): Promise<Seen> {
  const complaints = await ifKnown(machine.complaints);
  if (complaints !== undefined) {
    const facts = await ifKnown(machine.facts);
    const member = await ifKnown(machine.member);
    return { complaints, member, ...(facts === undefined ? {} : { facts }) };
  }
  // The preview of a machine that is new, or was changed.
  const way = await ifKnown(given);
  if (way === undefined) return { complaints: [] };
  const pinnedKey = await ifKnown(machine.hostKey);
  const hopKeys = await ifKnown(machine.hopKeys);
  const known = pinnedKey ? pinned(way, pinnedKey, hopKeys) : way;
  const reached = new HostConnection(known);
  const { signal } = new AbortController();
  const found = await inspect(reached, wanted, signal).finally(() => reached.close());
  if (found.hostKey !== undefined && known.hostKey === undefined) {
    pulumi.log.info(trustedText(host.name, found.hostKey), machine);
  }
  const texts = found.complaints.map(({ found: what, fix }) => `${what}\n  fix: ${fix}`);
  const { facts, member } = found;
  return { complaints: texts, member, ...(facts === undefined ? {} : { facts }) };
}

/** One message for a machine: where it is, and what is wrong with it. Pure. */
export function describe(
  { name, group, ssh }: SshHostSettings,
  complaints: readonly string[],
): string {
  const place = `${ssh.user}@${ssh.address}:${ssh.port}`;
  const lines = complaints.map((text) => `  found: ${text.replaceAll("\n", "\n")}`);
  return [`${name} (${place}, machine ${ssh.machine} of group ${group})`, ...lines].join("\n");
}

function headline({ name }: Environment, all: number, wrong: readonly string[]): string {
  const list = wrong.map((text, index) => `${index + 1}. ${text}`.replaceAll("\n", "\n   "));
  const count = `${wrong.length} of ${all} existing machines of "${name}" cannot be used:`;
  return [count, ...list].join("\n");
}
