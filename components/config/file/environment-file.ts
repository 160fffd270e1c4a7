import { existsSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { isMap, type PlainMap } from "../../model/merge";
import { sameValue } from "../../model/paths";
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import { standInsWanted } from "../environment/stand-ins";
import { platformFolders, platformsIn } from "../platforms/folders";
import type { World } from "../preflight/flight";
import { type Reading, readEnvironment } from "../read-environment";
import { hasBuildx } from "./buildx";
import { environmentPath, projectOfFile } from "./find";
import { withLines } from "./lines";
import { readLocalSecrets, secretsFile, secretsPath } from "./local-secrets";
import { publicSecrets } from "./public-secrets";
import { readText } from "./read-text";
import { type Retyped, retypedIn, retypedProblems } from "./retyped";
import { findAlias } from "./ssh-config";
import {
  configFiles,
  configOf,
  isCiphertext,
  isEncrypted,
  NAMESPACE,
  outsideConfig,
  syntaxProblems,
} from "./written";

/** Values of Pulumi config in our namespace, keyed without it. */
export interface Values {
  readonly plain: { readonly [key: string]: unknown };
  /** Keys of the encrypted ones. */
  readonly secrets: readonly string[];
  /** Encrypted values where none are allowed. */
  readonly problems: readonly Problem[];
  /** Plain values that YAML does not keep as they were written. @default none */
  readonly retyped?: readonly Retyped[];
}

/** What is known of the machine. */
export type MachineWorld = Pick<World, "ipvs" | "esp" | "machine" | "kept" | "occupied">;

/** Reads values and checks them against the files of the project at `root`. */
export function readValues(
  stack: string,
  values: Values,
  root: string,
  machine: MachineWorld = {},
): Reading {
  const { plain, retyped = [] } = values;
  const local = readLocalSecrets(root, stack);
  const secrets = [...values.secrets, ...Object.keys(local.values)];
  const folder = dirname(environmentPath(root, stack));
  const platforms = platformsIn(root, folder);
  const world = {
    hasSecret: (key: string) => secrets.includes(key),
    secretKeys: secrets,
    exists: existsSync,
    findAlias,
    text: readText,
    buildx: hasBuildx,
    size: (path: string) => statSync(path, { throwIfNoEntry: false })?.size,
    platformFolders: platformFolders(root),
    folder,
    standIns: standInsWanted(process.env),
    ...machine,
  };
  const read = (settings: Values["plain"]) => readEnvironment(stack, settings, platforms, world);
  const reading = read(plain);
  const found = [
    ...values.problems,
    ...local.problems,
    ...misplaced(stack, root, reading),
    ...publicSecrets(stack, values.secrets, root),
    ...retypedProblems(retyped, plain, reading, read),
  ];
  if (found.length === 0) return reading;
  const others = reading.problems.filter(
    ({ keys }) => keys === undefined || !found.some((one) => sameValue(one.keys, keys)),
  );
  return { problems: [...found, ...others], warnings: reading.warnings };
}

/** Others who share the state of an environment do not have the file of its secrets. */
function misplaced(stack: string, root: string, { environment }: Reading): readonly Problem[] {
  const remote = environment?.hosts.some(({ kind }) => kind !== "local") ?? false;
  if (!remote || !existsSync(secretsPath(root, stack))) return [];
  const found = `a file of secrets for ${stack}, whose machines are not all local`;
  const allowed = "secrets in Pulumi config";
  const command = `\`pulumi config set --secret <key> --stack ${stack}\``;
  return [{ path: secretsFile(stack), found, allowed, fix: `${command}, and remove the file` }];
}

/** A problem with a setting that is encrypted, or has something encrypted in it. */
export function encryptedSetting(keys: Keys): Problem {
  const key = String(keys[0] ?? "name");
  const found = keys.length === 1 ? "an encrypted setting" : "an encrypted value inside a setting";
  const allowed = "settings in clear; secrets are separate keys, and platforms name their key";
  const fix =
    "`npm run secret -- set <name>`, and `secrets: { <key>: { config: <name> } }` in the platform";
  return fileProblem(keys.length === 1 ? [key] : keys, { found, allowed, fix });
}

/** Something named `secure` that is not encrypted: Pulumi cannot tell. */
function calledSecure(keys: Keys, value: string): Problem {
  const said = JSON.stringify(value);
  return fileProblem([...keys, "secure"], {
    found: `${said} under the only name \`secure\`, which Pulumi takes for an encrypted value`,
    allowed: "a second name beside it, or a value that is not text",
    fix:
      value === "true" || value === "false"
        ? `\`secure: ${value}\` without quotes`
        : "write it into the platform's index.ts, where it is a label like any other",
  });
}

/**
 * Reads an environment file (`Pulumi.<env>.yaml`) with the defaults of its project
 * (`Pulumi.yaml`), without Pulumi. Problems carry their line. Fails when the file is missing.
 */
export function readEnvironmentFile(path: string): Reading {
  const root = projectOfFile(path);
  const stack = stackOf(path);
  const files = configFiles(root, path);
  const invalid = files.flatMap(syntaxProblems);
  const broken = invalid.length > 0 ? invalid : files.flatMap(outsideConfig);
  if (broken.length > 0) return { problems: broken, warnings: [] };
  const values = { ...sortValues(configOf(files)), retyped: retypedIn(files) };
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
    throw new Error(`${path} is not an environment file; its name must be Pulumi.<env>.yaml`);
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
    problems: plain.flatMap(([key, value]) => encryptedWithin(value, [key])),
  };
}

function encryptedWithin(value: unknown, keys: Keys): Problem[] {
  if (isEncrypted(value)) {
    const { secure } = value;
    return [isCiphertext(secure) ? encryptedSetting(keys) : calledSecure(keys, secure)];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => encryptedWithin(item, [...keys, index]));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => encryptedWithin(item, [...keys, key]));
}
