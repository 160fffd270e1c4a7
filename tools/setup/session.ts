import { appendFileSync } from "node:fs";
import { homedir } from "node:os";
import { ensureAwsPlugin } from "./aws-plugin";
import { type BackendOptions, pulumiVariables, type Variables } from "./backend";
import { baseImage, ensureBaseImage } from "./base-image";
import { type DockerEngine, engineAddress, ensureEngine } from "./engine";
import { type EnvironmentFile, readEnvironmentFile } from "./environment-file";
import { Failure } from "./failure";
import { type Folders, foldersOf, privateFolder, root, stateId } from "./folders";
import { capture } from "./processes";
import type { Progress } from "./progress";
import { ensurePulumi, type Pulumi } from "./pulumi";
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
}

/** What this machine needs first. */
export interface Machine {
  readonly pulumi: Pulumi;
  readonly engine: DockerEngine;
}

/** Sets up this machine: the Docker engine and the base image beside the Pulumi engine. Idempotent. */
export async function prepareMachine(progress: Progress): Promise<Machine> {
  const { cache } = foldersOf(process.env);
  const docker = ensureDocker(progress, cache);
  const [pulumi, engine] = await bothOrFirstFailure(ensurePulumi(progress, cache), docker);
  return { pulumi, engine };
}

/** One question answers both when all is well: a Docker engine that has the base image answers. */
async function ensureDocker(progress: Progress, cache: string): Promise<DockerEngine> {
  const { status } = await capture("docker", ["image", "inspect", baseImage], {
    timeoutMs: 10_000,
  });
  if (status === 0) return {};
  const engine = await ensureEngine(progress, cache);
  await ensureBaseImage(progress, cache);
  return engine;
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
  const preparing = machine ?? prepareMachine(progress);
  const [{ pulumi }, dockerHost] = await Promise.all([preparing, engineAddress()]);
  privateFolder(pulumi.home);
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
  return { file, folders, stack, variables, progress, owner: `${file.project}/${name}` };
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
