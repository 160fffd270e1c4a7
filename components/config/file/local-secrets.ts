import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { isMap } from "../../model/merge";
import type { Problem } from "../../model/problem";
import { environmentPath } from "./find";

/**
 * Passphrase of local environments. It is public: their state lies in a folder that only its user
 * can read, and nothing else may be encrypted with it.
 */
export const localPassphrase = "swarmyard-local";

/** Secrets of a local environment: of the file beside its environment file, which git does not track. */
export interface LocalSecrets {
  readonly values: { readonly [key: string]: string };
  readonly problems: readonly Problem[];
}

/** Name of the file that holds the secrets of a local environment. */
export function secretsFile(environment: string): string {
  return `Pulumi.${environment}.secrets.yaml`;
}

/** Path of the file that holds the secrets of a local environment: beside its environment file. */
export function secretsPath(root: string, environment: string): string {
  return join(dirname(environmentPath(root, environment)), secretsFile(environment));
}

/** Reads the secrets of a local environment; none when it has no such file. */
export function readLocalSecrets(root: string, environment: string): LocalSecrets {
  const path = secretsPath(root, environment);
  if (!existsSync(path)) return { values: {}, problems: [] };
  const file = basename(path);
  const problem = (about: Omit<Problem, "path">): LocalSecrets => ({
    values: {},
    problems: [{ path: file, ...about }],
  });
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const found = `mode ${mode.toString(8)}, so that others on this machine can read it`;
    return problem({ found, allowed: "a file that only you can read", fix: `chmod 600 ${file}` });
  }
  const content = contentOf(path);
  const entries = Object.entries(isMap(content) ? content : {});
  const wrong = entries.find(([, value]) => typeof value !== "string" || value === "");
  if (!isMap(content) || wrong !== undefined) {
    // Never the value itself.
    const found = wrong === undefined ? "no map" : `a value of ${wrong[0]} that is not text`;
    const allowed = "a map of key to text such as `apiToken: '…'`";
    return problem({ found, allowed, fix: "quote each value" });
  }
  return {
    values: Object.fromEntries(entries.map(([key, value]) => [key, String(value)])),
    problems: [],
  };
}

function contentOf(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** True when Pulumi's passphrase provider accepts a passphrase for a salt of a settings file. */
export function fitsSalt(passphrase: string, salt: string | undefined): boolean {
  const match = /^v1:([^:]+):v1:([^:]+):([^:]+)$/.exec(salt ?? "");
  if (match === null) {
    return false;
  }
  const [seed, nonce, sealed] = match.slice(1).map((part) => Buffer.from(part, "base64"));
  if (seed === undefined || nonce === undefined || sealed === undefined) {
    return false;
  }
  const key = pbkdf2Sync(passphrase, seed, 1_000_000, 32, "sha256");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  try {
    decipher.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return text.toString() === "pulumi";
  } catch {
    return false;
  }
}
