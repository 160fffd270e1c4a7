import { appendFileSync, existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { defaults } from "../../components/config/environment/defaults";
import { ADDRESSES_FILE, readAddresses } from "../../components/local-engine/kept-addresses";
import type { LocalEngine } from "../../components/model/local-engines";
import { ensureAwsPlugin } from "./aws-plugin";
import { type BackendOptions, backendFolder, pulumiVariables, type Variables } from "./backend";
import { enginesOfPlatforms, ensureBaseImages, hasBaseImages } from "./base-image";
import { type DockerEngine, engineAddress, ensureEngine } from "./engine";
import { type EnvironmentFile, readEnvironmentFile } from "./environment-file";
import { Failure } from "./failure";
import { type Folders, foldersOf, privateFolder, root, stackFolder, stateId } from "./folders";
import type { Progress } from "./progress";
import { ensurePulumi, type Pulumi } from "./pulumi";
import { withoutLog } from "./pulumi-log";
import { Stack } from "./stack";

/** Everything that a command works with. */
export interface Session {
  readonly file: EnvironmentFile;
  readonly folders: Folders;
  readonly stack: Stack;
  readonly variables: Variables;
  readonly progress: Progress;
  /** `<project>/<stack>`, the value of the label on this machine's Docker engine. */
  readonly owner: string;
  /** Generations of Docker whose base images are on this machine. */
  readonly engines: readonly LocalEngine[];
}

/** What this machine needs first. */
export interface Machine {
  readonly pulumi: Pulumi;
  readonly engine: DockerEngine;
}

/**
 * Sets up this machine: the Docker engine and base images beside the Pulumi engine. Idempotent.
 *
 * @param engines generations whose base images are needed. @default that of new environments
 */
export async function prepareMachine(
  progress: Progress,
  engines: readonly LocalEngine[] = [defaults.engine],
): Promise<Machine> {
  const { cache } = foldersOf(process.env);
  const docker = ensureDocker(progress, cache, engines);
  const [pulumi, engine] = await bothOrFirstFailure(ensurePulumi(progress, cache), docker);
  return { pulumi, engine };
}

/** One question answers both when all is well: a Docker engine that has the base images answers. */
async function ensureDocker(
  progress: Progress,
  cache: string,
  engines: readonly LocalEngine[],
): Promise<DockerEngine> {
  if (await hasBaseImages(engines)) return {};
  const engine = await ensureEngine(progress, cache);
  await ensureBaseImages(engines, progress, cache);
  return engine;
}

/**
 * Generations whose base images an environment needs, as far as its file and what it keeps say. What an
 * environment from before has is only known once its state is read: {@link ensureEngineOf}.
 */
function enginesOf(stack: string, file: EnvironmentFile, folders: Folders): readonly LocalEngine[] {
  const { here, engines = [], platforms = [] } = file;
  const { engine: kept } = readAddresses(join(stackFolder(folders, stack), ADDRESSES_FILE));
  const isNew = !existsSync(backendFolder(folders, stack));
  const standard = here?.engine ?? kept ?? (isNew ? defaults.engine : undefined);
  const hosts =
    here === undefined ? [] : [...(standard === undefined ? [] : [standard]), ...engines];
  return [...new Set([...hosts, ...enginesOfPlatforms(platforms)])];
}

/** Makes sure that there is also the base image of what was chosen for an environment's hosts. */
export async function ensureEngineOf(
  { folders, progress, engines }: Pick<Session, "folders" | "progress" | "engines">,
  chosen: LocalEngine | undefined,
): Promise<void> {
  if (chosen === undefined || engines.includes(chosen)) return;
  await ensureBaseImages([chosen], progress, folders.cache);
}

/** Waits for both even if one fails, so that nothing continues after the error. */
async function bothOrFirstFailure<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [one, two] = await Promise.allSettled([first, second]);
  if (one.status === "rejected") {
    throw one.reason;
  }
  if (two.status === "rejected") {
    throw two.reason;
  }
  return [one.value, two.value];
}

/**
 * Sets up what a command on one environment needs.
 *
 * @param machine what was set up before. @default the whole machine is set up
 * @param file what is known of the environment. @default its file is read
 */
export async function openSession(
  name: string,
  progress: Progress,
  machine?: Pick<Machine, "pulumi">,
  // First, so that a wrong name does not cause an installation.
  file: EnvironmentFile = readEnvironmentFile(root, name),
): Promise<Session> {
  const folders = foldersOf(process.env);
  noteOwner(`${file.project}/${name}`);
  const engines = enginesOf(name, file, folders);
  const preparing = machine ?? prepareMachine(progress, engines);
  const [{ pulumi }, dockerHost] = await Promise.all([preparing, engineAddress()]);
  privateFolder(pulumi.home);
  if (pulumi.home.startsWith(folders.cache)) withoutLog(pulumi.home);
  if (file.aws) await requireAwsPlugin(pulumi, progress, folders);
  const options: BackendOptions = {
    file,
    stack: name,
    folders,
    pulumi,
    dockerHost,
    home: homedir(),
    ...(file.local ? { stateId: stateId(folders) } : {}),
  };
  const variables = pulumiVariables(process.env, options);
  const stack = new Stack({ name, file, folders, pulumi, variables, progress });
  const owner = `${file.project}/${name}`;
  const ensured = machine === undefined ? engines : [];
  return { file, folders, stack, variables, progress, owner, engines: ensured };
}

/** Before Pulumi starts: its own message offers no fix. */
async function requireAwsPlugin(pulumi: Pulumi, progress: Progress, folders: Folders) {
  const problem = await ensureAwsPlugin(pulumi, progress, folders.cache);
  if (problem !== undefined) throw new Failure(problem);
}

/** The same without the Docker engine, for commands that only read the state. */
export async function openForReading(name: string, progress: Progress): Promise<Session> {
  readEnvironmentFile(root, name);
  const pulumi = await ensurePulumi(progress, foldersOf(process.env).cache);
  return openSession(name, progress, { pulumi });
}

/** File that a test run reads afterwards, to remove what the environments of its tests left. */
export const ownersVariable = "SWARMYARD_OWNERS";

function noteOwner(owner: string): void {
  const file = process.env[ownersVariable];
  if (file) {
    appendFileSync(file, `${owner}\n`);
  }
}
