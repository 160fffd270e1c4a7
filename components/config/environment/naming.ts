import type { LocalEngine } from "../../model/local-engines";
import type { FileGroup, FileSettings } from "../schema/file";
import type { AwsHostSettings } from "./aws";
import { defaults } from "./defaults";
import type { GroupSettings, HostSettings, LocalPlace } from "./environment";
import type { HostKind } from "./host-kind";
import { GPU_RESOURCE, gpusOf } from "./instance-types";
import type { SshMachineSettings } from "./ssh";
import { nodeNameOf } from "./ssh-defaults";

/** Name of the n-th host of a group. It depends on nothing else, so removing one host renames no other. */
export function hostName(prefix: string, environment: string, group: string, n: number): string {
  return `${prefix}-${environment}-${group}-${n}`;
}

/** Names of a group's hosts: the explicit ones, those of its machines, or numbered from 0. */
export function hostNames(
  prefix: string,
  environment: string,
  name: string,
  group: FileGroup,
  kind: HostKind = group.kind ?? defaults.kind,
): readonly string[] {
  if (kind === "ssh") {
    return Object.entries(group.machines ?? {}).map(([machine, one]) => nodeNameOf(machine, one));
  }
  if (group.names !== undefined) return group.names;
  const count = group.count ?? defaults.count;
  return Array.from({ length: count }, (_, n) => hostName(prefix, environment, name, n));
}

/**
 * Node labels of a group. `[db, agent]` becomes `db=true`, `agent=true`; with exactly one of
 * them also `<labelKey>=<label>`, unless the key is switched off.
 */
export function nodeLabels(
  labels: FileGroup["labels"],
  labelKey: string,
): { readonly [key: string]: string } {
  if (labels === undefined) return {};
  if (!Array.isArray(labels)) return labels;
  const written = Object.fromEntries(labels.map((label) => [label, "true"]));
  const [first] = labels;
  if (labels.length !== 1 || first === undefined || labelKey === "") return written;
  return { ...written, [labelKey]: first };
}

/** The groups that this environment has, with defaults and host names. */
export function completeGroups(
  environment: string,
  prefix: string,
  hosts: FileSettings["hosts"],
): { readonly [group: string]: GroupSettings } {
  const labelKey = hosts.labelKey === undefined ? defaults.labelKey : (hosts.labelKey ?? "");
  const present = Object.entries(hosts.groups).filter(
    ([, group]) => group.only === undefined || group.only.includes(environment),
  );
  return Object.fromEntries(
    present.map(([name, group]) => {
      const kind = group.kind ?? hosts.kind ?? defaults.kind;
      const complete: GroupSettings = {
        kind,
        role: group.role ?? defaults.role,
        hosts: hostNames(prefix, environment, name, group, kind),
        labels: nodeLabels(group.labels, labelKey),
        resources: { ...(kind === "aws" ? gpuResources(group) : {}), ...group.resources },
        ...(group.daemon === undefined ? {} : { daemon: group.daemon }),
      };
      return [name, complete];
    }),
  );
}

/** A machine's GPUs become generic resources of its node without being listed. */
function gpuResources(group: FileGroup): { readonly [kind: string]: number } {
  const gpus = gpusOf(group.instanceType ?? "");
  return gpus === 0 ? {} : { [GPU_RESOURCE]: gpus };
}

/** What hosts are given by their kind, by their names. */
export interface KindSettings {
  readonly local: ReadonlyMap<string, LocalPlace>;
  /** Docker engine of each local group. */
  readonly engines: { readonly [group: string]: LocalEngine };
  readonly aws: ReadonlyMap<string, AwsHostSettings>;
  readonly ssh: ReadonlyMap<string, SshMachineSettings>;
}

/** All hosts of all groups, in the file's order. */
export function listHosts(
  groups: { readonly [group: string]: GroupSettings },
  { local, engines, aws, ssh }: KindSettings,
): readonly HostSettings[] {
  return Object.entries(groups).flatMap(
    ([group, { kind, hosts, role, labels, resources, daemon }]) =>
      hosts.flatMap((name): HostSettings[] => {
        const own = daemon === undefined ? {} : { daemon };
        const common = { name, group, role, labels, resources, ...own };
        const [onAws, existing] = [aws.get(name), ssh.get(name)];
        const engine = engines[group] ?? defaults.engine;
        if (kind === "local") return [{ ...common, kind, engine, ...(local.get(name) ?? NOWHERE) }];
        if (kind === "aws") return onAws === undefined ? [] : [{ ...common, kind, aws: onAws }];
        return existing === undefined ? [] : [{ ...common, kind, ssh: existing }];
      }),
  );
}

/** For a host that the local subnet has no address for, which preflight refuses. */
const NOWHERE: LocalPlace = { privateAddress: "", sshPort: 0 };
