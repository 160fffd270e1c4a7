import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileProblem, type Problem } from "../../model/problem";
import { git } from "./git";
import { leavesRepository } from "./repository-files";

/** Files of a repository at one commit, as the environment file names them. */
export interface PinnedSource {
  /** Where the repository is fetched from. */
  readonly git?: string;
  /** The full commit. */
  readonly ref?: string;
  /** Folder in the repository. @default the repository itself */
  readonly path?: string;
  /** A local checkout to use instead of the commit. @default none */
  readonly checkout?: string;
}

/** Where the files are now, or why they are not. */
export interface FoundSource {
  /** Absolute; undefined when there is a problem. */
  readonly folder?: string;
  /** The whole repository, absolute, whose folder it is. */
  readonly repository?: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Whose a source is, and what its relative paths start from. */
export interface SourcePlace {
  /** Key of the platform in the environment file. */
  readonly platform: string;
  /** Folder of the environment file. */
  readonly root: string;
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The files of a platform's source: a local checkout, else exactly the commit, from the cache or
 * fetched into it. It never uses another version.
 *
 * @example
 * findSource({ git: "https://example.org/shop.git", ref: "6f18…", path: "deploy" }, { platform: "shop", root });
 */
export function findSource(source: PinnedSource, place: SourcePlace): FoundSource {
  const found =
    source.checkout === undefined ? fetched(source, place) : localCheckout(source, place);
  const { folder } = found;
  if (folder === undefined) return found;
  const below = resolve(folder, source.path ?? ".");
  const isThere = statSync(below, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const leaves = leavesRepository(folder, below);
  if (isThere && !leaves) return { ...found, folder: below, repository: folder };
  const what = leaves ? "a link leads out of it" : "there is no such folder";
  const about = {
    found: `"${source.path}", but ${what} in ${source.checkout ?? `the repository at ${source.ref}`}`,
    allowed: "a folder in the repository",
    fix: "correct `path`",
  };
  return { problems: [problemAt(place, "path", about)], warnings: [] };
}

/** Folder of all fetched sources: `sources` in `SWARMYARD_CACHE`, else in `swarmyard` below XDG_CACHE_HOME or `~/.cache`. */
export function sourcesFolder(env: NodeJS.ProcessEnv, home: string = homedir()): string {
  const cache = env.SWARMYARD_CACHE
    ? resolve(env.SWARMYARD_CACHE)
    : join(env.XDG_CACHE_HOME || join(home, ".cache"), "swarmyard");
  return join(cache, "sources");
}

type About = Parameters<typeof fileProblem>[1];

function problemAt({ platform }: SourcePlace, key: keyof PinnedSource, about: About): Problem {
  return fileProblem(["platforms", platform, "source", key], about);
}

function localCheckout(source: PinnedSource, place: SourcePlace): FoundSource {
  const { checkout = "", ref } = source;
  const folder = resolve(place.root, checkout);
  if (!existsSync(folder)) {
    const found = `"${checkout}", but there is no ${folder}`;
    const fix = "clone the repository there, or remove `checkout` to fetch the commit";
    const about = { found, allowed: "a folder with a checkout", fix };
    return { problems: [problemAt(place, "checkout", about)], warnings: [] };
  }
  const head = git(["rev-parse", "HEAD"], folder);
  const edited = head.ok && git(["status", "--porcelain"], folder).text !== "";
  const differs = ref !== undefined && head.text !== ref;
  if (!differs && !edited) return { folder, problems: [], warnings: [] };
  const has = head.ok ? `commit ${head.text}${edited ? " with changes" : ""}` : "no commit";
  const about = {
    found: `a checkout with ${has}, which is used${ref === undefined ? "" : ` instead of ${ref}`}`,
    allowed: "what is meant to run",
    fix: "remove `checkout` to run exactly the commit",
  };
  return { folder, problems: [], warnings: [problemAt(place, "checkout", about)] };
}

function fetched(source: PinnedSource, place: SourcePlace): FoundSource {
  const { git: url = "", ref = "" } = source;
  const name = basename(url).replace(/\.git$/, "");
  const id = createHash("sha256").update(url).digest("hex").slice(0, 12);
  const home = join(sourcesFolder(place.env ?? process.env), `${name}-${id}`);
  const folder = join(home, ref);
  if (existsSync(folder)) return { folder, problems: [], warnings: [] };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const work = mkdtempSync(join(home, ".fetching-"));
  try {
    const failure = checkOut(url, ref, work);
    if (failure !== undefined) return { problems: [failed(source, place, failure)], warnings: [] };
    rmSync(join(work, ".git"), { recursive: true });
    // Another process may have brought the same commit meanwhile.
    if (!existsSync(folder)) renameSync(work, folder);
    return { folder, problems: [], warnings: [] };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Brings one commit into an empty folder; what went wrong, if anything did. */
function checkOut(url: string, ref: string, work: string): string | undefined {
  const init = git(["init", "--quiet"], work);
  // Without a repository of its own, git would look for one in the folders above and change that.
  if (!init.ok) return `cannot be fetched (${init.text})`;
  const one = git(["fetch", "--quiet", "--depth", "1", "--", url, ref], work);
  // Not every server gives a commit by its id alone.
  const all = one.ok ? one : git(["fetch", "--quiet", "--", url, "+refs/*:refs/fetched/*"], work);
  if (!all.ok) return `cannot be fetched (${all.text})`;
  if (!git(["cat-file", "-e", `${ref}^{commit}`], work).ok) return `has no commit ${ref}`;
  const checkout = git(["checkout", "--quiet", "--detach", ref], work);
  if (!checkout.ok) return `cannot be checked out (${checkout.text})`;
  const head = git(["rev-parse", "HEAD"], work).text;
  return head === ref ? undefined : `gave commit ${head} for ${ref}`;
}

function failed({ git: url }: PinnedSource, place: SourcePlace, why: string): Problem {
  const key = why.startsWith("has no commit") ? "ref" : "git";
  return problemAt(place, key, {
    found: `${url}, which ${why}`,
    allowed: "a repository that can be reached, with the commit; no other version is used",
    fix: "correct it or try again, or name a local clone with `checkout`",
  });
}
