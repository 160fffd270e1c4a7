import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { standInsWanted } from "../../components/config/environment/stand-ins";
import { overBase } from "../../components/config/file/base";
import { environmentFiles, environmentPath } from "../../components/config/file/find";
import {
  configFiles,
  configOf,
  NAMESPACE,
  outsideConfig,
  syntaxProblems,
} from "../../components/config/file/written";
import type { KeptAddresses } from "../../components/local-engine/kept-addresses";
import { isLocalEngine, type LocalEngine } from "../../components/model/local-engines";
import { isMap } from "../../components/model/merge";
import { formatProblem } from "../../components/model/problem";
import { Failure } from "./failure";
import { type Folders, foldersOf, stackFolder } from "./folders";
import { takeStackInit } from "./stack-init";

/** What the commands need to know about an environment file. */
export interface EnvironmentFile {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Where it is. @default there is none */
  readonly path?: string;
  /** True when all its machines are containers on this machine. */
  readonly local: boolean;
  /** Addresses on this machine as the file states them; undefined when none of its hosts is a container on this machine. */
  readonly here?: KeptAddresses;
  /** Docker engines that its groups state. @default none */
  readonly engines?: readonly LocalEngine[];
  /** Folders, from platforms/, with what it builds: of its platforms, and of small images that are wanted. @default none */
  readonly platforms?: readonly string[];
  /** True when one of its machines is on AWS. */
  readonly aws: boolean;
  /** True when the data on its share outlives it (`swarmyard:share.data: keep`). @default false */
  readonly keepsData?: boolean;
  /** True when it names small images for `--stand-ins`. @default false */
  readonly standIns?: boolean;
  /** Salt of its passphrase, if it has one. */
  readonly salt?: string;
}

/**
 * Reads `Pulumi.<stack>.yaml`, of the project or of a folder in platforms/; the program checks it; here only the
 * kind of machines matters.
 *
 * @throws Failure when there is none, more than one, or it is not YAML
 */
export function readEnvironmentFile(folder: string, stack: string): EnvironmentFile {
  const moved = takeStackInit(folder, stack);
  if (moved !== undefined) process.stderr.write(`${moved}\n`);
  const file = environmentPath(folder, stack);
  const known = environmentFiles(folder);
  const same = known.filter(({ name }) => name === stack);
  if (same.length > 1) {
    const paths = same.map(({ path }) => relative(folder, path));
    throw new Failure(
      `There are ${same.length} environments ${stack}: ${paths.join(", ")}.`,
      "Rename all but one of these files.",
    );
  }
  if (!existsSync(file)) {
    const names = known.map(({ name }) => name);
    const copy = `Copy one of the others (${names.join(", ")}), or add: -s local`;
    throw new Failure(
      `There is no environment ${stack}: no file Pulumi.${stack}.yaml.`,
      hasState(stack)
        ? `${copy}\nIts state is still here; to remove it, run: npm run down -- -s ${stack}`
        : copy,
    );
  }
  const files = configFiles(folder, file);
  const [broken] = files.flatMap(syntaxProblems);
  if (broken !== undefined) throw new Failure(`${broken.line} is not YAML: ${broken.found}`);
  const outside = files.flatMap(outsideConfig);
  if (outside.length > 0) throw new Failure(outside.map(formatProblem).join("\n"));
  const [settings, project] = files.map(({ document }) => asTree(document.toJS()));
  const prefix = `${NAMESPACE}:`;
  const values = Object.entries(configOf(files)).flatMap(([key, value]): [string, unknown][] =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
  );
  const all = overBase(Object.fromEntries(values)).values;
  const { hosts: stated, share, platforms, standIns } = all;
  const hosts = asTree(stated);
  const kinds = kindsOf(hosts);
  const salt = settings?.encryptionsalt;
  return {
    project: String(project?.name),
    path: file,
    local: kinds.every((kind) => kind === "local"),
    aws: kinds.includes("aws"),
    ...(kinds.includes("local")
      ? { here: statedAddresses(asTree(hosts.local)), engines: enginesOf(hosts) }
      : {}),
    platforms: [
      ...foldersIn(asTree(platforms)),
      ...(standInsWanted(process.env) ? contextsIn(asTree(standIns), folder, file) : []),
    ],
    ...(asTree(share).data === "keep" ? { keepsData: true } : {}),
    ...(isMap(standIns) ? { standIns: true } : {}),
    ...(typeof salt === "string" ? { salt } : {}),
  };
}

/**
 * What is known of an environment that is to be removed: its file, or when that is gone but its state is
 * on this machine, what the state's place says.
 *
 * @throws Failure when there is neither
 */
export function readForRemoval(
  folder: string,
  stack: string,
  folders: Folders = foldersOf(process.env),
): EnvironmentFile {
  const gone = !existsSync(environmentPath(folder, stack));
  if (!gone || !hasState(stack, folders)) return readEnvironmentFile(folder, stack);
  const project = projectOf(folder);
  const state = join(stackFolder(folders, stack), "backend/.pulumi/stacks", project);
  const salt = saltOf(join(state, `${stack}.json`));
  return {
    project,
    local: true,
    aws: false,
    keepsData: true,
    ...(salt === undefined ? {} : { salt }),
  };
}

/** The salt that a state keeps besides its environment file. */
function saltOf(file: string): string | undefined {
  try {
    const salt = JSON.parse(readFileSync(file, "utf8")).checkpoint.latest.secrets_providers.state
      .salt;
    return typeof salt === "string" ? salt : undefined;
  } catch {
    // Nothing is in it yet, so nothing in it is encrypted.
    return undefined;
  }
}

/** Name of the Pulumi project in a folder. */
export function projectOf(folder: string): string {
  const [project] = configFiles(folder, join(folder, "Pulumi.yaml"));
  return String(asTree(project?.document.toJS()).name);
}

function hasState(stack: string, folders: Folders = foldersOf(process.env)): boolean {
  return existsSync(join(stackFolder(folders, stack), "backend"));
}

type Tree = { readonly [key: string]: unknown };

/** The kinds of all groups; one without a kind follows `hosts.kind`, which is local by default. Pure. */
export function kindsOf(hosts: Tree): readonly unknown[] {
  const standard = hosts.kind ?? "local";
  const groups = Object.values(asTree(hosts.groups)).map(asTree);
  return groups.length === 0 ? [standard] : groups.map((group) => group.kind ?? standard);
}

/** Folders of platforms, which are named as they are unless `from` says otherwise. Pure. */
function foldersIn(platforms: Tree): readonly string[] {
  return Object.entries(platforms).map(([name, settings]) => `${asTree(settings).from ?? name}`);
}

/** Folders of small images, from the project's platforms/. Pure. */
function contextsIn(standIns: Tree, folder: string, file: string): readonly string[] {
  return Object.values(standIns).flatMap((one) => {
    const { context } = asTree(one);
    if (typeof context !== "string") return [];
    return [relative(join(folder, "platforms"), resolve(dirname(file), context))];
  });
}

/** Docker engines that groups state. Pure. */
function enginesOf(hosts: Tree): readonly LocalEngine[] {
  const stated = Object.values(asTree(hosts.groups)).map((group) => asTree(group).engine);
  return [...new Set(stated.filter(isLocalEngine))];
}

function statedAddresses({ subnet, portOffset, engine }: Tree): KeptAddresses {
  return {
    ...(isLocalEngine(engine) ? { engine } : {}),
    ...(typeof subnet === "string" ? { subnet } : {}),
    ...(typeof portOffset === "number" ? { portOffset } : {}),
  };
}

function asTree(value: unknown): Tree {
  return isMap(value) ? value : {};
}
