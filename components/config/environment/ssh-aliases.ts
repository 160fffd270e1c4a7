// cspell:words identityfile proxycommand proxyjump
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import type { FileGroup, FileSettings } from "../schema/file";
import type { FileJumpHost, FileMachine } from "../schema/ssh";

/** What the settings of OpenSSH say of a name; what they leave open is left out. */
export interface SshAlias {
  readonly hostName: string;
  /** @default 22 */
  readonly port?: number;
  readonly user?: string;
  /** Files of keys, in the order in which ssh tries them. @default none */
  readonly identityFiles: readonly string[];
  /** Names of jump hosts, each `[user@]host[:port]`, the nearest first. @default none */
  readonly jumps: readonly string[];
  /** A command in place of a connection. @default none */
  readonly proxyCommand?: string;
}

/**
 * Looks a name up in the settings of OpenSSH.
 *
 * @param file the file with the settings; true for those that `ssh` reads itself
 * @throws Error with what ssh says
 */
export type FindAlias = (name: string, file: string | true) => SshAlias;

/** Stands for what the settings of OpenSSH do not say, because ssh prints a default for everything. */
export const UNSET = { user: "swarmyard-unset", file: "/swarmyard/unset" } as const;

/** Reads what `ssh -G` prints. */
export function readAlias(output: string): SshAlias {
  const pairs = output.split("\n").map((line): [string, string] => {
    const at = line.indexOf(" ");
    return [line.slice(0, at), line.slice(at + 1).trim()];
  });
  const all = (key: string) => pairs.flatMap(([name, value]) => (name === key ? [value] : []));
  const one = (key: string) => all(key).find((value) => value !== "none");
  const [user, port, proxyCommand] = [one("user"), Number(one("port")), one("proxycommand")];
  return {
    hostName: one("hostname") ?? "",
    ...(port > 0 && port !== 22 ? { port } : {}),
    ...(user === undefined || user === UNSET.user ? {} : { user }),
    identityFiles: all("identityfile").filter((file) => file !== UNSET.file && file !== "none"),
    jumps: one("proxyjump")?.split(",") ?? [],
    ...(proxyCommand === undefined ? {} : { proxyCommand }),
  };
}

/** The settings with what OpenSSH knows of the machines of groups with `sshConfig`; what they state themselves wins. */
export function withAliases(
  environment: string,
  settings: FileSettings,
  find: FindAlias,
  exists: (path: string) => boolean = () => true,
): { readonly settings: FileSettings; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const groups = Object.entries(settings.hosts.groups).map(([name, group]) => {
    const { sshConfig = false, machines, only = [environment] } = group;
    const isHere = only.includes(environment);
    if (sshConfig === false || machines === undefined || !isHere) return [name, group] as const;
    if (sshConfig !== true && !exists(sshConfig)) {
      problems.push(noFile(["hosts", "groups", name, "sshConfig"], sshConfig));
      return [name, group] as const;
    }
    const look = { find: (alias: string) => find(alias, sshConfig), exists };
    const completed = Object.entries(machines).map(([key, machine]) => {
      const keys = ["hosts", "groups", name, "machines", key, "address"];
      try {
        return [key, withAlias(machine, group, look)] as const;
      } catch (error) {
        problems.push(unusable(keys, machine.address, error));
        return [key, machine] as const;
      }
    });
    return [name, { ...group, machines: Object.fromEntries(completed) }] as const;
  });
  const hosts = { ...settings.hosts, groups: Object.fromEntries(groups) };
  return { settings: { ...settings, hosts }, problems };
}

interface Look {
  readonly find: (alias: string) => SshAlias;
  readonly exists: (path: string) => boolean;
}

function withAlias(machine: FileMachine, group: FileGroup, look: Look): FileMachine {
  const isStated = (key: "port" | "user" | "key" | "via") =>
    machine[key] !== undefined || group[key] !== undefined;
  const alias = look.find(machine.address);
  const login = loginOf(alias, look);
  const via = isStated("via") ? [] : jumpsOf(alias, look, [machine.address]);
  if (!isStated("via")) refuseCommand(alias);
  return {
    ...machine,
    address: alias.hostName,
    ...(login.port === undefined || isStated("port") ? {} : { port: login.port }),
    ...(login.user === undefined || isStated("user") ? {} : { user: login.user }),
    ...(login.key === undefined || isStated("key") ? {} : { key: login.key }),
    ...(via.length === 0 ? {} : { via }),
  };
}

function loginOf(
  { port, user, identityFiles }: SshAlias,
  { exists }: Look,
): Pick<FileJumpHost, "port" | "user" | "key"> {
  const odd = identityFiles.find((file) => file.includes("%") || !/^[~/]/.test(file));
  if (odd !== undefined) throw new Error(`its IdentityFile is ${odd}, which is not a whole path`);
  const file = identityFiles.find(exists) ?? identityFiles[0];
  return {
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(file === undefined ? {} : { key: { file } }),
  };
}

/** The chain of jump hosts. As with ssh, only the nearest may be reached through others that its own settings name. */
function jumpsOf(alias: SshAlias, look: Look, before: readonly string[]): FileJumpHost[] {
  return alias.jumps.flatMap((written, index) => {
    const { name, ...stated } = readJump(written);
    if (before.includes(name)) throw new Error(`its ProxyJump leads back to ${name}`);
    const found = look.find(name);
    refuseCommand(found);
    const nearer = index === 0 ? jumpsOf(found, look, [...before, name]) : [];
    return [...nearer, { address: found.hostName, ...loginOf(found, look), ...stated }];
  });
}

/** `[user@]host[:port]`, or the same as a URL. */
function readJump(text: string): Pick<FileJumpHost, "port" | "user"> & { readonly name: string } {
  const parts = /^(?:ssh:\/\/)?(?:(?<user>[^@]+)@)?(?<name>[^@:]+)(?::(?<port>\d+))?\/?$/.exec(
    text,
  );
  const { user, name, port } = parts?.groups ?? {};
  if (name === undefined)
    throw new Error(`its ProxyJump is ${text}, which is not [user@]host[:port]`);
  return {
    name,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

function refuseCommand({ hostName, proxyCommand }: SshAlias): void {
  if (proxyCommand === undefined) return;
  throw new Error(`${hostName} has the ProxyCommand \`${proxyCommand}\``);
}

function noFile(keys: Keys, file: string): Problem {
  const found = `${file}, which does not exist on this machine`;
  const allowed = "a file with settings of ssh, or `true` for your own";
  return fileProblem(keys, { found, allowed, fix: "the path of the file, or `sshConfig: true`" });
}

function unusable(keys: Keys, address: string, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return fileProblem(keys, {
    found: `${address}, which the settings of ssh do not lead to: ${reason}`,
    allowed: "a name with HostName, Port, User, IdentityFile or ProxyJump in the settings of ssh",
    fix: "correct it there (`ssh -G <name>` shows what counts), or write `address`, `port`, `user`, `key` and `via` here",
  });
}
