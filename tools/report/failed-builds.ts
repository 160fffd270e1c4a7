import { resolve } from "node:path";
import type { PlatformSettings } from "../../components/config/environment/environment";
import type { ImageBuild } from "../../components/model/platform/spec";
import { quote } from "../../components/model/quote";
import { type Ended, lastLines } from "../setup/processes";

/** How many lines of a build's output are shown. */
const SHOWN_LINES = 15;

/** An image of a platform that could not be built. */
export interface FailedBuild {
  readonly platform: string;
  readonly key: string;
}

/** Images whose build failed, by what Pulumi printed. Pure. */
export function failedBuilds(said: string): readonly FailedBuild[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colors begin with one.
  const lines = said.replace(/\u001b\[[0-9;]*m/g, "").split("\n");
  const failed = new Map<string, FailedBuild>();
  let current: FailedBuild | undefined;
  for (const line of lines) {
    const [, platform, key] = /RemoteImage \(registry-image-([^/)]+)\/([^)]+)\)/.exec(line) ?? [];
    if (platform !== undefined && key !== undefined) current = { platform, key };
    else if (/^ {2}\S/.test(line)) current = undefined;
    if (current === undefined || !/Error running (legacy )?build/.test(line)) continue;
    failed.set(`${current.platform}/${current.key}`, current);
  }
  return [...failed.values()];
}

/** What `docker` is called with to build an image as the program does. Pure. */
export function buildArguments(build: ImageBuild, folder: string): readonly string[] {
  const context = resolve(folder, build.context);
  return [
    "build",
    ...(build.dockerfile === undefined ? [] : ["--file", resolve(context, build.dockerfile)]),
    ...Object.entries(build.args ?? {}).flatMap(([key, value]) => [
      "--build-arg",
      `${key}=${value}`,
    ]),
    ...(build.target === undefined ? [] : ["--target", build.target]),
    context,
  ];
}

/** Runs docker; the tests put their own in. */
export type RunDocker = (args: readonly string[]) => Promise<Ended>;

/**
 * Why builds failed. Pulumi's Docker plugin drops what a build that fails prints, so that each is built once
 * more; what it did before it failed comes from the Docker engine's cache.
 */
export async function explainBuilds(
  said: string,
  platforms: readonly Pick<PlatformSettings, "name" | "plan">[],
  run: RunDocker,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { platform, key } of failedBuilds(said)) {
    const plan = platforms.find(({ name }) => name === platform)?.plan;
    const build = plan?.images[key];
    if (plan === undefined || build === undefined) continue;
    const args = buildArguments(build, plan.folder);
    const ended = await run(args);
    lines.push(
      ended.status === 0 ? succeeded(platform, key) : explained(platform, key, args, ended),
    );
  }
  return lines;
}

function succeeded(platform: string, key: string): string {
  return `The image ${key} of platform ${platform} could not be built at first, but now it can: run the command again.`;
}

function explained(
  platform: string,
  key: string,
  args: readonly string[],
  { stdout, stderr }: Ended,
): string {
  const tail = lastLines(`${stdout}\n${stderr}`, SHOWN_LINES);
  return [
    `The image ${key} of platform ${platform} cannot be built. Last lines of its build:`,
    ...tail.split("\n").map((line) => `    ${line}`),
    "  fix: correct its Dockerfile or what it copies, then run the command again",
    `  to see all of it: docker ${args.map(shown).join(" ")}`,
  ].join("\n");
}

function shown(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : quote(word);
}
