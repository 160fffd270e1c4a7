import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure";
import { root } from "./folders";
import { capture, lastLines } from "./processes";
import type { Progress } from "./progress";

/** The package that builds Pulumi from Go modules. It is only run, never loaded. */
const folder = join(root, "tools/airgap");

/** What it prints about the Pulumi engine that it built. */
export interface BuiltPulumi {
  /** Path of the command line. */
  readonly pulumi: string;
  /** The PULUMI_HOME with its plugins. */
  readonly home: string;
}

/**
 * The Pulumi that `tools/airgap` builds. The answer is kept beside what it has built, by the
 * content of the package: only the first command of a version asks it.
 *
 * @throws Failure when it cannot be built
 */
export async function airGappedPulumi(progress: Progress, cache: string): Promise<BuiltPulumi> {
  const note = join(cache, "engine", `${contentOfPackage()}.json`);
  const known: BuiltPulumi | undefined = existsSync(note)
    ? JSON.parse(readFileSync(note, "utf8"))
    : undefined;
  if (known !== undefined && existsSync(known.pulumi)) return known;
  const built = await ask<BuiltPulumi>(progress, "engine", join(cache, "engine"));
  mkdirSync(join(cache, "engine"), { recursive: true });
  writeFileSync(note, JSON.stringify(built));
  return built;
}

/** Builds the plugin for AWS. @returns its path */
export async function buildAwsPlugin(progress: Progress, cache: string): Promise<string> {
  const answer = await ask<{ plugin: string }>(progress, "aws", join(cache, "engine"));
  return answer.plugin;
}

/** Builds Traefik. @returns its path */
export async function buildTraefik(progress: Progress, cache: string): Promise<string> {
  return (await ask<{ traefik: string }>(progress, "traefik", join(cache, "engine"))).traefik;
}

/** Puts the plugin for AWS into a PULUMI_HOME. @returns false when it was never built */
export async function linkAwsPlugin(progress: Progress, cache: string, home: string) {
  const words = ["link-aws", home, join(cache, "engine")];
  return (await ask<{ linked: boolean }>(progress, ...words)).linked;
}

/** Runs the package and shows its progress. */
async function ask<Answer>(progress: Progress, ...words: readonly string[]): Promise<Answer> {
  const args = ["--import", "tsx", join(folder, "main.ts"), ...words];
  const what = words[0] === "traefik" ? "Traefik" : "Pulumi";
  const { status, stdout, stderr } = await progress.during(`building ${what} from Go modules`, () =>
    capture(process.execPath, args, {
      cwd: root,
      onOutput: (text) => {
        for (const line of text.split("\n")) {
          if (/^(building|built) /.test(line)) progress.line(line);
        }
      },
    }),
  );
  if (status !== 0) throw new Failure(lastLines(stderr, 15));
  return JSON.parse(lastLines(stdout, 1));
}

function contentOfPackage(): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\0`);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash
      .update(`${path.slice(folder.length)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}
