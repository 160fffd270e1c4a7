import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../../components/engine/endpoints";
import type { Login } from "../../components/engine/login";
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
  const logins = endpoints.flatMap(loginsOf);
  for (const { name, login } of logins) {
    if (login.privateKey !== undefined) write(`${name}.key`, login.privateKey);
  }
  write("known_hosts", [...new Set(logins.flatMap(({ login }) => knownHost(login)))].join("\n"));
  write("config", endpoints.map((endpoint) => sshConfig(endpoint, folder)).join("\n"));
  return config;
}

interface Named {
  /** Its name in the ssh config. */
  readonly name: string;
  readonly login: Login;
  /** Name of the machine through which it is reached. @default it is reached directly */
  readonly through?: string;
}

/** A host with its jump hosts, each under a name of its own: `db-0-via-1` is the nearest. Pure. */
function loginsOf(endpoint: Endpoint): readonly Named[] {
  const hops = (endpoint.via ?? []).map((login, index) => ({
    name: `${endpoint.name}-via-${index + 1}`,
    login,
  }));
  return [...hops, { name: endpoint.name, login: endpoint }].map((one, index) => {
    const through = hops[index - 1]?.name;
    return through === undefined ? one : { ...one, through };
  });
}

/** A line of known_hosts; none without a pinned host key. Pure. */
export function knownHost({ host, port, hostKey }: Login): string[] {
  if (hostKey === undefined) return [];
  return [`${port === 22 ? host : `[${host}]:${port}`} ${hostKey.trim()}`];
}

/** The blocks of an ssh config for a host and its jump hosts. Pure. */
export function sshConfig(endpoint: Endpoint, folder: string): string {
  return loginsOf(endpoint)
    .map((one) => block(one, folder))
    .join("\n");
}

function block({ name, login, through }: Named, folder: string): string {
  const { host, port, user, privateKey, keyFile } = login;
  const file = privateKey === undefined ? keyFile : join(folder, `${name}.key`);
  const settings = {
    HostName: host,
    Port: port,
    User: user,
    // Without a file the agent has the key.
    ...(file === undefined
      ? {}
      : { IdentityFile: `"${file}"`, IdentitiesOnly: "yes", IdentityAgent: "none" }),
    ...(through === undefined ? {} : { ProxyJump: through }),
    UserKnownHostsFile: `"${join(folder, "known_hosts")}"`,
    GlobalKnownHostsFile: "none",
    StrictHostKeyChecking: "yes",
    UpdateHostKeys: "no",
  };
  const lines = Object.entries(settings).map(([key, value]) => `  ${key} ${value}`);
  return [`Host ${name}`, ...lines, ""].join("\n");
}
