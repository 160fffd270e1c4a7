import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { overBase } from "../../components/config/file/base";
import { Failure } from "./failure";

/** What the wrappers need to know of an environment file. */
export interface EnvironmentFile {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** True when all its machines are containers on this machine. */
  readonly local: boolean;
  /** True when one of its machines is on AWS. */
  readonly aws: boolean;
  /** Salt of its passphrase, when it has one. */
  readonly salt?: string;
}

/**
 * Reads `Pulumi.<stack>.yaml`; the program checks it, here only the kind of machines is looked for.
 *
 * @throws Failure when there is none or it is no YAML
 */
export function readEnvironmentFile(folder: string, stack: string): EnvironmentFile {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    const names = readdirSync(folder).map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1]);
    throw new Failure(
      `There is no environment ${stack}: no file Pulumi.${stack}.yaml.`,
      `Copy one of the others (${names.filter((name) => name !== undefined).join(", ")}), or type: -s local`,
    );
  }
  const project = readYaml(join(folder, "Pulumi.yaml"));
  const settings = readYaml(file);
  const name = String(project.name);
  const values = Object.fromEntries(
    ["base", "bases", "hosts"].map((key) => [
      key,
      configured(settings, name, key) ?? configured(project, name, key),
    ]),
  );
  const hosts = asTree(overBase(values).values.hosts);
  const kinds = kindsOf(hosts);
  const salt = settings.encryptionsalt;
  return {
    project: name,
    local: kinds.every((kind) => kind === "local"),
    aws: kinds.includes("aws"),
    ...(typeof salt === "string" ? { salt } : {}),
  };
}

type Tree = { readonly [key: string]: unknown };

function readYaml(file: string): Tree {
  try {
    return asTree(parse(readFileSync(file, "utf8")));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : "";
    throw new Failure(`${file} cannot be read: ${reason}`);
  }
}

/** A value of a file's `config`, which Pulumi.yaml may wrap in `value` or `default`. */
function configured(file: Tree, project: string, key: string): unknown {
  const config = asTree(file.config);
  const found = config[`${project}:${key}`] ?? config[key];
  const { value, default: standard } = asTree(found);
  return value ?? standard ?? found;
}

/** The kinds of all groups; one that says nothing follows `hosts.kind`, which is local by default. Pure. */
export function kindsOf(hosts: Tree): readonly unknown[] {
  const standard = hosts.kind ?? "local";
  const groups = Object.values(asTree(hosts.groups)).map(asTree);
  return groups.length === 0 ? [standard] : groups.map((group) => group.kind ?? standard);
}

function asTree(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : {};
}
