import { readFileSync, rmSync, writeFileSync } from "node:fs";
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
  const logins = endpoints.flatMap(loginsOf);
  // Nodes usually share one key: one copy of it is enough.
  const files = new Map<string, string>();
  for (const { name, login } of logins) {
    if (login.privateKey === undefined || files.has(login.privateKey)) continue;
    files.set(login.privateKey, join(folder, `${name}.key`));
    write(`${name}.key`, login.privateKey);
  }
  const known = join(folder, "known_hosts");
  write("known_hosts", [...new Set(logins.flatMap(({ login }) => knownHost(login)))].join("\n"));
  write("config", logins.map((one) => block(one, known, files)).join("\n"));
  write(listFile, JSON.stringify(endpoints.map((one) => withoutSecrets(one, files))));
  return config;
}

/** The endpoints, with the files of their keys. */
const listFile = "endpoints.json";

/** What the last `up` wrote, so that the next one can ask the swarm before Pulumi starts; empty when there is none. */
export function readEndpoints(folders: Folders, stack: string): readonly Endpoint[] {
  try {
    return JSON.parse(readFileSync(join(stackFolder(folders, stack), "ssh", listFile), "utf8"));
  } catch {
    return [];
  }
}

/** An endpoint whose keys are files, and which has no password. */
function withoutSecrets(
  { sudoPassword: _, via, ...own }: Endpoint,
  files: ReadonlyMap<string, string>,
): Endpoint {
  const inFile = <L extends Login>({ privateKey, passphrase: _, ...login }: L) => {
    const keyFile = privateKey === undefined ? login.keyFile : files.get(privateKey);
    return { ...login, ...(keyFile === undefined ? {} : { keyFile }) };
  };
  return { ...inFile(own), ...(via === undefined ? {} : { via: via.map(inFile) }) };
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
function knownHost({ host, port, hostKey }: Login): string[] {
  if (hostKey === undefined) return [];
  return [`${port === 22 ? host : `[${host}]:${port}`} ${hostKey.trim()}`];
}

/** A block of an ssh config. Pure. */
function block(
  { name, login, through }: Named,
  knownHosts: string,
  files: ReadonlyMap<string, string>,
): string {
  const { host, port, user, privateKey, keyFile } = login;
  const key = privateKey === undefined ? keyFile : files.get(privateKey);
  const settings = {
    HostName: host,
    Port: port,
    User: user,
    // Without a file the agent has the key.
    ...(key === undefined
      ? {}
      : { IdentityFile: `"${key}"`, IdentitiesOnly: "yes", IdentityAgent: "none" }),
    ...(through === undefined ? {} : { ProxyJump: through }),
    UserKnownHostsFile: `"${knownHosts}"`,
    GlobalKnownHostsFile: "none",
    StrictHostKeyChecking: "yes",
    UpdateHostKeys: "no",
  };
  const lines = Object.entries(settings).map(([setting, value]) => `  ${setting} ${value}`);
  return [`Host ${name}`, ...lines, ""].join("\n");
}
