import { environmentPath } from "../../components/config/file/find";
import { milliseconds } from "../../components/model/quantities";
import type { ObserveContext } from "../../components/observe/context";
import { lazily } from "../../components/runtime/lazily";
import type { Arguments } from "../arguments";
import { type Reached, tryAddresses } from "../report/answers";
import { explainBuilds, failedBuilds } from "../report/failed-builds";
import { hintsFor, standInHints } from "../report/hints";
import { type Outputs, pageLines, readOutputs } from "../report/outputs";
import { atTheirNodes } from "../report/published";
import { observer, type Seen, see, whySilent } from "../report/running";
import { keepsKeys, sshCommand, sshConfigFile, writeSshFiles } from "../report/ssh-files";
import { renderEnvironment } from "../report/table";
import { keepAddresses } from "../setup/addresses";
import { readBeforehand } from "../setup/beforehand";
import { Exit, messageOf } from "../setup/failure";
import { root } from "../setup/folders";
import { heal } from "../setup/heal";
import { KeptTransport } from "../setup/kept-transport";
import { capture, lastLetters } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { pruneImages } from "../setup/prune-images";
import { ensureEngineOf, openSession, type Session } from "../setup/session";
import { hasUnlockKey } from "../setup/state-secrets";
import { stayAwake } from "../setup/stay-awake";
import { stayUnlocked, unlock } from "../setup/unlock";
import { wake } from "../setup/wake";
import { brakeUp } from "./brake";
import { tryAll } from "./reach";

/** How long a build that failed may take once more. */
const BUILD_MS = 600_000;

/** Creates or updates the environment, and prints how to reach it. */
export async function up(args: Arguments, progress: Progress): Promise<void> {
  const kept = new KeptTransport();
  await bringUp(args, progress, kept).finally(() => kept.close());
}

async function bringUp(
  { stack: name, rest, yes, standIns }: Arguments,
  progress: Progress,
  kept: KeptTransport,
): Promise<void> {
  const session = await openSession(name, progress);
  await openStack(session);
  if (yes !== true) await brakeUp(session, rest);
  const changes = !rest.includes("--preview-only");
  const state = session.stack.exists() ? await session.stack.peek() : {};
  if (changes) {
    await wake(session.owner, name, progress);
    await unlock(session, state);
    await readBeforehand(session, rest, state, kept);
  }
  // The final tables show the outputs; after an error the outputs would push it off the screen.
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", ...rest];
  let said = "";
  const watch = (text: string) => {
    said = lastLetters(said + text);
  };
  const autolock = changes && hasUnlockKey(state);
  const beside = () => {
    const all = [
      ...(session.stack.local ? [stayAwake(session)] : []),
      ...(autolock ? [stayUnlocked(session)] : []),
    ];
    return async () => void (await Promise.all(all.map((end) => end())));
  };
  const status = await session.stack.show(`bringing up ${name}`, args, { watch, beside });
  if (status !== 0) {
    if (/could not join the swarm|was not ready within 60 s/.test(said)) {
      for (const line of await whatIsBlocked(session)) progress.line(line);
    }
    const small = session.file.standIns === true && standIns !== true;
    const hints = [...hintsFor(said, name), ...(small ? standInHints(said, name) : [])];
    for (const hint of [...hints, ...(await whyNoImages(said, session))]) progress.line(hint);
    throw new Exit(status);
  }
  const outputs = await readOutputs(session.stack);
  if (outputs.endpoints.length > 0) {
    writeSshFiles(session.folders, name, outputs.endpoints);
  }
  await report(session, outputs, { refreshed: rest.includes("--refresh"), kept });
}

/** What is blocked between nodes; what cannot be found out must not hide why the run failed. */
async function whatIsBlocked(session: Session): Promise<readonly string[]> {
  try {
    return (await tryAll(session)).lines;
  } catch (error) {
    return [`It is not known what is blocked between the nodes: ${messageOf(error)}`];
  }
}

/** Why images could not be built; nothing when that is not what went wrong. */
async function whyNoImages(said: string, { stack, progress }: Session): Promise<readonly string[]> {
  if (failedBuilds(said).length === 0) return [];
  const { readEnvironmentFile } = await lazily(
    () => import("../../components/config/file/environment-file.js"),
    () => require("../../components/config/file/environment-file"),
  );
  const { environment } = readEnvironmentFile(environmentPath(root, stack.name));
  const env = { ...process.env, BUILDKIT_PROGRESS: "plain" };
  const build = async (args: readonly string[]) => {
    const options = { timeoutMs: BUILD_MS };
    const first = await capture("docker", args, {
      ...options,
      env: { ...env, DOCKER_BUILDKIT: "1" },
    });
    if (!/buildx component is missing/.test(first.stderr)) return first;
    return capture("docker", args, { ...options, env: { ...env, DOCKER_BUILDKIT: "0" } });
  };
  return progress.during("building once more to see why it failed", () =>
    explainBuilds(said, environment?.platforms ?? [], build),
  );
}

/** Cleans up after a killed run, creates the stack if it is missing and chooses what it keeps. */
export async function openStack(session: Session): Promise<void> {
  const { stack, file, folders, progress } = session;
  await heal(stack, file.project, folders, progress);
  await stack.ensure();
  await ensureEngineOf(session, (await keepAddresses(session))?.engine);
}

interface ReportOptions {
  /** Pulumi has just read everything. @default false */
  readonly refreshed?: boolean;
  /** Connections that the command has already; they are closed. @default none */
  readonly kept?: KeptTransport;
}

/** Shows what runs where. @throws Exit when not everything runs, or no manager answers */
export async function report(
  { stack, folders, progress }: Session,
  outputs: Outputs,
  { refreshed = false, kept = new KeptTransport() }: ReportOptions = {},
): Promise<void> {
  const ssh = (node: string) => sshCommand(sshConfigFile(folders, stack.name), node);
  const { seen, problems, notes } = await progress
    .during("contacting the swarm", () =>
      askSwarm(outputs, { stack: stack.name, ssh, refreshed, kept }, progress),
    )
    .finally(() => kept.close());
  for (const line of [
    ...renderEnvironment(outputs, seen, keepsKeys(process.env) ? ssh : undefined),
    ...notes,
    ...problems,
  ]) {
    progress.line(line);
  }
  if (problems.length > 0) throw new Exit(1);
  const placed = seen === undefined ? outputs : atTheirNodes(outputs, seen);
  for (const line of pageLines(placed)) progress.line(line);
}

async function askSwarm(
  outputs: Outputs,
  { stack, ssh, refreshed, kept }: Asked,
  progress: Progress,
): Promise<{ readonly seen?: Seen } & Reached> {
  const { endpoints, services } = outputs;
  // A part of an environment may have no machines yet.
  if (endpoints.length === 0) return { problems: [], notes: [] };
  const transport = kept.to(endpoints);
  const context = observer(transport, stack, (line) => progress.line(line));
  const managers = endpoints.filter(({ role }) => role === "manager");
  try {
    const names = Object.values(services).flat();
    const seen = await see(names, managers, context, ssh, refreshed);
    const { notes, problems } = await tryAddresses(atTheirNodes(outputs, seen), seen, context);
    const all = [...seen.problems, ...problems];
    // What does not run may need the image of before.
    const removed = all.length === 0 ? await pruned(outputs, context) : [];
    return { seen, notes: [...notes, ...removed], problems: all };
  } catch (error) {
    return { problems: whySilent(error, stack, ssh), notes: [] };
  }
}

async function pruned({ pruneImages: age }: Outputs, context: ObserveContext) {
  return age === undefined ? [] : await pruneImages(milliseconds(age), context);
}

interface Asked {
  readonly stack: string;
  readonly ssh: (node: string) => string;
  readonly refreshed: boolean;
  readonly kept: KeptTransport;
}
