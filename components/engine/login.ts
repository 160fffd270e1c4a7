import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import type { ConnectConfig, ServerHostKeyAlgorithm } from "ssh2";
import { printable } from "../model/printable";
import { cause } from "./errors";

/** How to log in to one machine over SSH. With neither a key nor a file, the SSH agent's keys are tried. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Pinned host key as in authorized_keys: `ssh-ed25519 AAAA…`. @default the first one seen is trusted */
  readonly hostKey?: string;
  /** Private key in OpenSSH or PEM form. */
  readonly privateKey?: string;
  /** File of the private key on this machine; `~` is the home of whoever runs the command. */
  readonly keyFile?: string;
  /** Of the private key. @default it has none */
  readonly passphrase?: string;
}

/** How to reach one machine and become root on it. */
export interface Connection extends Login {
  /** Jump hosts, the nearest first. @default none */
  readonly via?: readonly Login[];
  /** What sudo asks for. @default it asks for nothing */
  readonly sudoPassword?: string;
}

/**
 * A connection with the host keys that were seen, where it pins none of its own. Pure.
 *
 * @param hopKeys keys of its jump hosts, the nearest first
 */
export function pinned<C extends Connection>(
  way: C,
  hostKey: string,
  hopKeys: readonly string[] | undefined,
): C & { readonly hostKey: string } {
  const via = way.via?.map((hop, index) => {
    const key = hop.hostKey ?? hopKeys?.[index];
    return key === undefined ? hop : { ...hop, hostKey: key };
  });
  return { ...way, hostKey: way.hostKey ?? hostKey, ...(via === undefined ? {} : { via }) };
}

/** Why a machine cannot be logged in to, before or after it was reached. */
export type Trouble =
  | "key file"
  | "locked key"
  | "passphrase"
  | "bad key"
  | "agent"
  | "name"
  | "refused"
  | "silent"
  | "host key"
  | "login"
  | "other";

/** A login that failed, with the machine or jump host where it did. */
export class LoginError extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
    readonly at: Pick<Login, "host" | "port" | "user">,
    /** The host key that was found, when it is not the pinned one. */
    readonly found?: string,
  ) {
    // It may quote what the other side said.
    super(printable(message));
  }
}

/** Variable with the socket of the SSH agent, for processes that must not use the agent otherwise. */
export const AGENT_VARIABLE = "SWARMYARD_SSH_AUTH_SOCK";

/** Socket of the SSH agent; undefined when there is none. */
export function agentSocket(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env[AGENT_VARIABLE] || env.SSH_AUTH_SOCK || undefined;
}

/**
 * What ssh2 needs to log in with the machine's key.
 *
 * @throws LoginError when there is no such key, or it cannot be read
 */
export async function credentials(login: Login): Promise<ConnectConfig> {
  const { privateKey, keyFile, passphrase } = login;
  const text = privateKey ?? (keyFile === undefined ? undefined : await readKey(login, keyFile));
  if (text === undefined) {
    const agent = agentSocket();
    if (agent !== undefined) return { agent };
    throw new LoginError("agent", "there is no SSH agent: SSH_AUTH_SOCK is not set", login);
  }
  const { utils }: typeof import("ssh2") = createRequire(__filename)("ssh2");
  const parsed = utils.parseKey(text, passphrase);
  if (!(parsed instanceof Error)) return { privateKey: text, passphrase };
  const which = keyFile ?? "the private key";
  if (/no passphrase given/i.test(parsed.message)) {
    throw new LoginError("locked key", `${which} is encrypted, and no passphrase is given`, login);
  }
  if (passphrase !== undefined && /passphrase|decrypt|integrity/i.test(parsed.message)) {
    throw new LoginError("passphrase", `the passphrase does not open ${which}`, login);
  }
  throw new LoginError("bad key", `${which} cannot be read: ${parsed.message}`, login);
}

async function readKey(login: Login, file: string): Promise<string> {
  try {
    return await readFile(file.replace(/^~(?=\/)/, homedir()), "utf8");
  } catch (error) {
    throw new LoginError("key file", `the key cannot be read: ${cause(error)}`, login);
  }
}

/** Host key algorithms for a pinned key's type, or in the order of preference for the first contact. */
export function hostKeyAlgorithms(type: string | undefined): ServerHostKeyAlgorithm[] {
  // Not with the signatures that the type is named after: those use SHA-1.
  if (type === "ssh-rsa") return ["rsa-sha2-512", "rsa-sha2-256"];
  if (type !== undefined) return [type as ServerHostKeyAlgorithm];
  return [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ];
}

/** A host key as in authorized_keys, of the bytes that SSH sends. */
export function hostKeyText(key: Buffer): string {
  const length = key.readUInt32BE(0);
  return `${key.subarray(4, 4 + length).toString("latin1")} ${key.toString("base64")}`;
}

/**
 * Fingerprint of a host key, as ssh-keygen and ssh show it.
 *
 * @example fingerprint("ssh-ed25519 AAAA…") // "SHA256:…"
 */
export function fingerprint(hostKey: string): string {
  const blob = Buffer.from(hostKey.trim().split(/\s+/)[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
