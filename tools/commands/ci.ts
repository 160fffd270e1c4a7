import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { environmentFiles } from "../../components/config/file/find";
import type { LocatedFile } from "../../components/config/file/lines";
import { configFiles, syntaxProblems } from "../../components/config/file/written";
import type { Arguments } from "../arguments";
import { commentOf, failureOf, markerOf } from "../ci/comment";
import { pullRequest, writeComment } from "../ci/github";
import { type Verdict, verdict } from "../ci/time-to-live";
import { hintsFor } from "../report/hints";
import { Exit, Failure, messageOf } from "../setup/failure";
import { root } from "../setup/folders";
import { lastLines } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openForReading, openSession } from "../setup/session";
import { down } from "./down";
import { openStack, up } from "./up";

/** What workflows run; you can run it by hand as well. */
export async function ci(args: Arguments, progress: Progress): Promise<void> {
  const [what, ...rest] = args.rest;
  if (what === "preview") return comment(args.stack, progress);
  if (what === "apply") return up({ ...args, rest }, progress);
  if (what === "reap") return reap(progress);
  throw new Failure(
    what === undefined ? "ci needs a command." : `Unknown ci command ${what}.`,
    "Run: npm run ci -- preview -s dev, npm run ci -- apply -s dev, or npm run ci -- reap",
  );
}

/** Writes the preview as a comment on the pull request, or on standard output outside one. */
async function comment(name: string, progress: Progress): Promise<void> {
  const request = pullRequest(process.env);
  const commit = request?.commit ?? process.env.GITHUB_SHA;
  const { body, status } = await previewed(name, commit, progress);
  if (request === undefined) {
    process.stdout.write(`${body}\n`);
  } else {
    const how = await writeComment(request, markerOf(name), body);
    progress.line(`The comment on pull request ${request.number} is ${how}.`);
  }
  if (status !== 0) throw new Exit(status);
}

/** The text of the comment, even when the preview failed. */
async function previewed(name: string, commit: string | undefined, progress: Progress) {
  try {
    const session = await openSession(name, progress);
    await openStack(session);
    const { status, stdout, stderr } = await progress.during(`previewing ${name}`, () =>
      session.stack.previewJson(),
    );
    if (status === 0) return { body: commentOf(name, JSON.parse(stdout), commit), status };
    const reason = reasonOf(stdout, stderr);
    const why = [reason, ...hintsFor(reason, name)].join("\n");
    return { body: failureOf(name, why, commit), status };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { body: failureOf(name, error.message, commit), status: 1 };
  }
}

/** With --json, a failing preview says why on standard error or in its diagnostics. */
function reasonOf(stdout: string, stderr: string): string {
  if (stderr.trim() !== "") return lastLines(stderr, 60);
  try {
    const { diagnostics = [] } = JSON.parse(stdout) as { diagnostics?: { message?: string }[] };
    return diagnostics.map(({ message }) => message ?? "").join("\n");
  } catch {
    return lastLines(stdout, 60);
  }
}

/** Destroys every environment that has outlived its time. A failure does not stop the others. */
async function reap(progress: Progress): Promise<void> {
  const failed: string[] = [];
  for (const { name, timeToLive, broken } of environments()) {
    try {
      if (broken) throw new Failure(`its file has problems; run: npm run preview -- -s ${name}`);
      if (timeToLive === undefined) continue;
      const found = await judge(name, timeToLive, progress);
      progress.line(`${name} ${found.over ? "is destroyed" : "stays"}: ${found.why}.`);
      if (found.over) {
        await down({ command: "down", stack: name, sweep: false, yes: true, rest: [] }, progress);
      }
    } catch (error) {
      failed.push(`${name}: ${messageOf(error)}`);
    }
  }
  if (failed.length > 0)
    throw new Failure("Some environments could not be destroyed.", failed.join("\n"));
}

/** All environment files. One with problems counts as broken when it may have a time to live. */
function environments() {
  return environmentFiles(root).map(({ name, path }) => {
    const { environment } = readEnvironmentFile(path);
    const broken = environment === undefined && mayExpire(configFiles(root, path));
    return { name, timeToLive: environment?.timeToLive, broken };
  });
}

/**
 * Whether files that have problems may say how long their environment lives. An example of this repository may lack
 * what only its owner has, such as a file of passwords. Pure.
 */
export function mayExpire(files: readonly LocatedFile[]): boolean {
  return files.some(
    (file) => syntaxProblems(file).length > 0 || String(file.document).includes("timeToLive"),
  );
}

async function judge(name: string, timeToLive: string, progress: Progress): Promise<Verdict> {
  const { stack } = await openForReading(name, progress);
  if (!stack.exists() || (!stack.local && !(await stack.known()))) {
    return { over: false, why: "it is not running" };
  }
  return verdict(await stack.export(), timeToLive, Date.now());
}
