import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { isMap, type PlainMap } from "../../model/merge";
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import { platformFolders, platformsIn } from "../platforms/folders";
import type { World } from "../preflight/flight";
import { type Reading, readEnvironment } from "../read-environment";
import { withLines } from "./lines";
import { configFiles, configOf, NAMESPACE, syntaxProblems } from "./written";

/** Values of Pulumi config in our namespace, keyed without it. */
export interface Values {
  readonly plain: { readonly [key: string]: unknown };
  /** Keys of the encrypted ones. */
  readonly secrets: readonly string[];
  /** Encrypted values where none can be. */
  readonly problems: readonly Problem[];
}

/** What is known of the machine. */
export type MachineWorld = Pick<World, "ipvs" | "kept" | "occupied">;

/** Reads values and checks them against the files of the project at `root`. */
export function readValues(
  stack: string,
  values: Values,
  root: string,
  machine: MachineWorld = {},
): Reading {
  const reading = readEnvironment(stack, values.plain, platformsIn(root), {
    hasSecret: (key) => values.secrets.includes(key),
    secretKeys: values.secrets,
    exists: existsSync,
    platformFolders: platformFolders(root),
    ...machine,
  });
  if (values.problems.length === 0) return reading;
  const { problems, warnings } = reading;
  return { problems: [...values.problems, ...problems], warnings };
}

/** A problem with a setting that is encrypted, or has something encrypted in it. */
export function encryptedSetting(keys: Keys): Problem {
  const key = String(keys[0] ?? "name");
  const found = keys.length === 1 ? "an encrypted setting" : "an encrypted value inside a setting";
  const allowed = "settings in clear; secrets stand alone, and platforms name their key";
  const fix =
    "`npm run secret -- set <name>`, and `secrets: { <key>: { config: <name> } }` in the platform";
  return fileProblem(keys.length === 1 ? [key] : keys, { found, allowed, fix });
}

/**
 * Reads an environment file (`Pulumi.<env>.yaml`) with the defaults of the project beside it
 * (`Pulumi.yaml`), without Pulumi. Problems carry their line. Fails when the file is missing.
 */
export function readEnvironmentFile(path: string): Reading {
  const root = dirname(resolve(path));
  const stack = stackOf(path);
  const files = configFiles(root, path);
  const broken = files.flatMap(syntaxProblems);
  if (broken.length > 0) return { problems: broken, warnings: [] };
  const values = sortValues(configOf(files));
  const reading = readValues(stack, values, root);
  const located = (problems: readonly Problem[]) => withLines(problems, NAMESPACE, files);
  return {
    ...reading,
    problems: located(reading.problems),
    warnings: located(reading.warnings),
  };
}

/** Environment of a file's name: `prod` of `Pulumi.prod.yaml`. */
export function stackOf(path: string): string {
  const match = /^Pulumi\.(.+)\.ya?ml$/.exec(basename(path));
  if (match?.[1] === undefined) {
    throw new Error(`${path} is no environment file; its name must be Pulumi.<env>.yaml`);
  }
  return match[1];
}

function sortValues(config: PlainMap): Values {
  const own = Object.entries(config).flatMap(([key, value]): [string, unknown][] =>
    key.startsWith(`${NAMESPACE}:`) ? [[key.slice(NAMESPACE.length + 1), value]] : [],
  );
  const plain = own.filter(([, value]) => !isEncrypted(value));
  return {
    plain: Object.fromEntries(plain),
    secrets: own.filter(([, value]) => isEncrypted(value)).map(([key]) => key),
    problems: plain.flatMap(([key, value]) => encryptedWithin(value, [key]).map(encryptedSetting)),
  };
}

function isEncrypted(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

function encryptedWithin(value: unknown, keys: Keys): Keys[] {
  if (isEncrypted(value)) return [keys];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => encryptedWithin(item, [...keys, index]));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => encryptedWithin(item, [...keys, key]));
}
