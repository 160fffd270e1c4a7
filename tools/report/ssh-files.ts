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

/** Writes keys, pinned host keys and a config that uses them, readable by this user only. */
export function writeSshFiles(
  folders: Folders,
  stack: string,
  endpoints: readonly Endpoint[],
): string {
  const config = sshConfigFile(folders, stack);
  const folder = join(stackFolder(folders, stack), "ssh");
  rmSync(folder, { recursive: true, force: true });
  privateFolder(folder);
  const write = (name: string, text: string) =>
    writeFileSync(join(folder, name), text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
  for (const { name, privateKey } of endpoints) {
    write(`${name}.key`, privateKey);
  }
  write("known_hosts", endpoints.map(knownHost).join("\n"));
  write("config", endpoints.map((endpoint) => sshConfig(endpoint, folder)).join("\n"));
  write(listFile, JSON.stringify(endpoints.map(({ privateKey: _, ...others }) => others)));
  return config;
}

/** The endpoints without their keys. */
const listFile = "endpoints.json";

/** What the last `up` wrote, so that the next one can ask the swarm before Pulumi starts; empty when there is none. */
export function readEndpoints(folders: Folders, stack: string): readonly Endpoint[] {
  const folder = join(stackFolder(folders, stack), "ssh");
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  try {
    const listed: Omit<Endpoint, "privateKey">[] = JSON.parse(read(listFile));
    return listed.map((one) => ({ ...one, privateKey: read(`${one.name}.key`) }));
  } catch {
    return [];
  }
}

/** A line of known_hosts. Pure. */
export function knownHost({ host, port, hostKey }: Endpoint): string {
  return `${port === 22 ? host : `[${host}]:${port}`} ${hostKey.trim()}`;
}

/** A block of an ssh config. Pure. */
export function sshConfig({ name, host, port, user }: Endpoint, folder: string): string {
  const settings = {
    HostName: host,
    Port: port,
    User: user,
    IdentityFile: `"${join(folder, `${name}.key`)}"`,
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
