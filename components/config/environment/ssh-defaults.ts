import type { FileGroup } from "../schema/file";
import type { FileJumpHost, FileKey, FileMachine } from "../schema/ssh";
import type { SshKey, SshLoginSettings, SshMachineSettings } from "./ssh";

/** Defaults of existing machines. */
export const sshDefaults = { port: 22, user: "root" } as const;

/** Name of a machine's node: its hostname. */
export function nodeNameOf(machine: string, { nodeName }: Pick<FileMachine, "nodeName">): string {
  return nodeName ?? machine;
}

/** The machines of a group with the group's settings and defaults, by the names of their nodes. */
export function completeMachines(group: FileGroup): ReadonlyMap<string, SshMachineSettings> {
  return new Map(
    Object.entries(group.machines ?? {}).map(([name, machine]) => [
      nodeNameOf(name, machine),
      complete(name, machine, group),
    ]),
  );
}

function complete(name: string, machine: FileMachine, group: FileGroup): SshMachineSettings {
  const sudoPassword = machine.sudoPassword ?? group.sudoPassword;
  const { privateAddress, meshEndpoint } = machine;
  const own = loginOf({ ...machine, hostKey: machine.hostKey ?? group.hostKey }, group);
  const hops = machine.via ?? group.via ?? [];
  return {
    machine: name,
    ...own,
    via: (Array.isArray(hops) ? hops : [hops]).map((hop) => loginOf(hop, own)),
    ...(sudoPassword === undefined ? {} : { sudoPassword }),
    ...(privateAddress === undefined ? {} : { privateAddress }),
    ...(meshEndpoint === undefined ? {} : { meshEndpoint }),
    setHostname: group.setHostname ?? false,
    engine: {
      source: group.enginePackages ?? "distribution",
      ...(group.engineVersion === undefined ? {} : { version: group.engineVersion }),
    },
    purge: group.purge ?? false,
    ...firewallOf(group),
  };
}

function firewallOf({ firewall = false }: FileGroup): Pick<SshMachineSettings, "firewall"> {
  if (firewall === false) return {};
  const { from = [], nodes = [] } = firewall === true ? {} : firewall;
  return { firewall: { from, nodes } };
}

interface Fallback {
  readonly port?: number;
  readonly user?: string;
  readonly key?: FileKey | SshKey;
}

/** A jump host has the user and the key of its machine, but not its port. */
function loginOf(stated: FileJumpHost, fallback: Fallback): SshLoginSettings {
  const { address, hostKey } = stated;
  const port = "address" in fallback ? undefined : fallback.port;
  return {
    address,
    port: stated.port ?? port ?? sshDefaults.port,
    user: stated.user ?? fallback.user ?? sshDefaults.user,
    key: keyOf(stated.key ?? fallback.key),
    ...(hostKey === undefined ? {} : { hostKey: withoutComment(hostKey) }),
  };
}

function withoutComment(hostKey: string): string {
  return hostKey.trim().split(/\s+/).slice(0, 2).join(" ");
}

function keyOf(stated: FileKey | SshKey | undefined): SshKey {
  if (stated === undefined || stated === "agent") return { kind: "agent" };
  if ("kind" in stated) return stated;
  const { file, secret, passphrase } = stated;
  const locked = passphrase === undefined ? {} : { passphrase };
  if (secret !== undefined) return { kind: "secret", secret, ...locked };
  return file === undefined ? { kind: "agent" } : { kind: "file", path: file, ...locked };
}
