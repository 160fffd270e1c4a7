import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { airGappedPulumi } from "./airgap";
import { answers, downloadPulumi, officialDownloads, requireSafe } from "./download";
import { messageOf } from "./failure";
import { interruption } from "./interruption";
import { capture, findCommand, lastLines } from "./processes";
import type { Progress } from "./progress";
import { isNewEnough, type PinnedVersions, pinnedVersions } from "./versions";

/** A Pulumi that is ready to run. */
export interface Pulumi {
  /** Path of the command line. */
  readonly command: string;
  /** PULUMI_HOME: plugins, and nothing of the user's. */
  readonly home: string;
  readonly origin: "path" | "download" | "air-gapped";
}

/** Set for the rest of the run, and for commands that it starts, once the downloads were unreachable. */
const unreachableVariable = "SWARMYARD_NO_DOWNLOADS";
/** How long the next runs assume that the downloads are unreachable. */
const rememberMs = 24 * 3_600_000;

/**
 * Finds or builds Pulumi: one on PATH if it is recent enough, else the official download, else a
 * build from Go modules.
 *
 * @throws Failure or Error, one sentence, when none is available
 */
export async function ensurePulumi(progress: Progress, cache: string): Promise<Pulumi> {
  const pinned = pinnedVersions();
  const given = givenPulumi();
  if (given !== undefined) {
    return given;
  }
  const official = (await onPath(pinned, cache)) ?? (await downloaded(progress, pinned, cache));
  if (official !== undefined && (await ensurePlugins(progress, official, pinned, cache))) {
    return official;
  }
  const { pulumi: command, home } = await airGappedPulumi(progress, cache);
  // Only now: without a built Pulumi the next run must try the downloads again.
  if (!remembers(cache)) {
    remember(cache);
  }
  return { command, home, origin: "air-gapped" };
}

/** A Pulumi that the caller prepared, as the test run does. */
function givenPulumi(): Pulumi | undefined {
  const { SWARMYARD_PULUMI: command, SWARMYARD_PULUMI_HOME: home } = process.env;
  return command && home ? { command, home, origin: "air-gapped" } : undefined;
}

function homeIn(cache: string, version: string): string {
  return join(cache, "pulumi", `home-${version}`);
}

async function onPath(pinned: PinnedVersions, cache: string): Promise<Pulumi | undefined> {
  const command = findCommand("pulumi");
  if (command === undefined || findCommand("pulumi-language-nodejs") === undefined) {
    return undefined;
  }
  const env = {
    ...process.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_HOME: homeIn(cache, "any"),
  };
  const { status, stdout } = await capture(command, ["version"], { env, timeoutMs: 20_000 });
  const version = stdout.trim().replace(/^v/, "");
  if (status !== 0 || !isNewEnough(version, pinned.pulumi)) {
    return undefined;
  }
  return { command, home: homeIn(cache, version), origin: "path" };
}

async function downloaded(
  progress: Progress,
  pinned: PinnedVersions,
  cache: string,
): Promise<Pulumi | undefined> {
  const folder = join(cache, "pulumi", `v${pinned.pulumi}`);
  const command = join(folder, "pulumi", "pulumi");
  if (!existsSync(command)) {
    if (isUnreachable(cache)) {
      return undefined;
    }
    const base = downloadBase();
    progress.line(
      `Downloading Pulumi ${pinned.pulumi} into the cache, because PATH has no suitable one.`,
    );
    try {
      await progress.during("downloading Pulumi", () =>
        downloadPulumi(base, pinned.pulumi, folder, interruption.signal),
      );
    } catch (error) {
      interruption.throwIfInterrupted();
      giveUp(progress, messageOf(error));
      return undefined;
    }
  }
  return { command, home: homeIn(cache, pinned.pulumi), origin: "download" };
}

/** Installs the plugins that are missing. @returns false when they are unavailable */
async function ensurePlugins(
  progress: Progress,
  pulumi: Pulumi,
  pinned: PinnedVersions,
  cache: string,
): Promise<boolean> {
  const missing = Object.entries(pinned.plugins).filter(
    ([name, version]) => !existsSync(join(pulumi.home, "plugins", `resource-${name}-v${version}`)),
  );
  if (missing.length === 0) {
    return true;
  }
  if (isUnreachable(cache)) {
    return false;
  }
  if (!(await answers(`${downloadBase()}/plugins/`, interruption.signal))) {
    giveUp(progress, "the plugin site does not answer");
    return false;
  }
  const server = process.env.SWARMYARD_DOWNLOADS ? ["--server", `${downloadBase()}/plugins`] : [];
  const env = {
    ...process.env,
    PULUMI_HOME: pulumi.home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: `${dirname(pulumi.command)}:${process.env.PATH ?? ""}`,
  };
  for (const [name, version] of missing) {
    progress.line(`Downloading the Pulumi plugin ${name} ${version} into the cache.`);
    const args = ["plugin", "install", "resource", name, version, ...server];
    const { status, stdout, stderr } = await progress.during(`downloading plugin ${name}`, () =>
      capture(pulumi.command, args, { env, timeoutMs: 600_000 }),
    );
    if (status !== 0) {
      giveUp(progress, lastLines(`${stdout}\n${stderr}`, 1));
      return false;
    }
  }
  return true;
}

function downloadBase(): string {
  const own = process.env.SWARMYARD_DOWNLOADS;
  return own ? requireSafe(own) : officialDownloads;
}

function memoryFile(cache: string): string {
  return join(cache, "pulumi", "unreachable.json");
}

function isUnreachable(cache: string): boolean {
  return process.env[unreachableVariable] !== undefined || remembers(cache);
}

function remembers(cache: string): boolean {
  try {
    const { base, at } = JSON.parse(readFileSync(memoryFile(cache), "utf8"));
    return base === downloadBase() && Date.now() - at < rememberMs;
  } catch {
    return false;
  }
}

function giveUp(progress: Progress, why: string): void {
  progress.line(`The official Pulumi is unavailable (${why}): building it from Go modules.`);
  process.env[unreachableVariable] = "1";
}

function remember(cache: string): void {
  mkdirSync(dirname(memoryFile(cache)), { recursive: true });
  writeFileSync(memoryFile(cache), JSON.stringify({ base: downloadBase(), at: Date.now() }));
}
