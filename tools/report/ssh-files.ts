import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../../components/engine/endpoints";
import { type Folders, privateFolder, stackFolder } from "../setup/folders";

/** The file for `ssh -F`. */
export function sshConfigFile(folders: Folders, stack: string): string {
  return join(stackFolder(folders, stack), "ssh", "config");
}

/** The command that opens a shell on a node. Pure. */
export function sshCommand(config: string, node: string): string {
  return `ssh -F ${/^[\w./-]+$/.test(config) ? config : `'${config}'`} ${node}`;
}

/** Whether private keys may be written to this machine's disk: not on one that runs a workflow. Pure. */
export function keepsKeys({ CI }: NodeJS.ProcessEnv): boolean {
  return [undefined, "", "0", "false"].includes(CI);
}

/** Removes what `writeSshFiles` wrote. */
export function removeSshFiles(folders: Folders, stack: string): void {
  rmSync(join(stackFolder(folders, stack), "ssh"), { recursive: true, force: true });
}

/**
 * Writes keys, pinned host keys and a config that uses them, readable by this user only, in place of
 * those of an earlier run. On a machine that runs a workflow it only removes those.
 */
export function writeSshFiles(
  folders: Folders,
  stack: string,
  endpoints: readonly Endpoint[],
  env: NodeJS.ProcessEnv = process.env,
): string {
  const config = sshConfigFile(folders, stack);
  const folder = join(stackFolder(folders, stack), "ssh");
  removeSshFiles(folders, stack);
  if (!keepsKeys(env)) return config;
  privateFolder(folder);
  const write = (name: string, text: string) =>
    writeFileSync(join(folder, name), text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
  // Nodes usually share one key: one copy of it is enough.
  const files = new Map<string, string>();
  for (const { name, privateKey } of endpoints) {
    if (files.has(privateKey)) continue;
    files.set(privateKey, join(folder, `${name}.key`));
    write(`${name}.key`, privateKey);
  }
  const block = (one: Endpoint) => sshConfig(one, folder, files.get(one.privateKey) ?? "");
  write("known_hosts", endpoints.map(knownHost).join("\n"));
  write("config", endpoints.map(block).join("\n"));
  const listed = endpoints.map(({ privateKey, ...others }) => {
    return { ...others, keyFile: files.get(privateKey) ?? "" };
  });
  write(listFile, JSON.stringify(listed));
  return config;
}

type Listed = Omit<Endpoint, "privateKey"> & { readonly keyFile: string };

/** The endpoints, with the files of their keys. */
const listFile = "endpoints.json";

/** What the last `up` wrote, so that the next one can ask the swarm before Pulumi starts; empty when there is none. */
export function readEndpoints(folders: Folders, stack: string): readonly Endpoint[] {
  const folder = join(stackFolder(folders, stack), "ssh");
  try {
    const listed: Listed[] = JSON.parse(readFileSync(join(folder, listFile), "utf8"));
    return listed.map(({ keyFile, ...one }) => ({
      ...one,
      privateKey: readFileSync(keyFile, "utf8"),
    }));
  } catch {
    return [];
  }
}

/** A line of known_hosts. Pure. */
export function knownHost({ host, port, hostKey }: Endpoint): string {
  return `${port === 22 ? host : `[${host}]:${port}`} ${hostKey.trim()}`;
}

/** A block of an ssh config. Pure. */
export function sshConfig(
  { name, host, port, user }: Endpoint,
  folder: string,
  key: string,
): string {
  const settings = {
    HostName: host,
    Port: port,
    User: user,
    IdentityFile: `"${key}"`,
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    UserKnownHostsFile: `"${join(folder, "known_hosts")}"`,
    GlobalKnownHostsFile: "none",
    StrictHostKeyChecking: "yes",
    UpdateHostKeys: "no",
  };
  const lines = Object.entries(settings).map(([key, value]) => `  ${key} ${value}`);
  return [`Host ${name}`, ...lines, ""].join("\n");
}
