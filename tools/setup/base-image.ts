import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, canInstall } from "./apt";
import { Failure } from "./failure";
import { capture, must } from "./processes";
import type { Progress } from "./progress";
import { isAlive, markOf } from "./runs";

/** The base of all other images. */
export const baseImage = "debian:12-slim";

/** What a slim image leaves out. */
const ballast = [
  "usr/share/doc",
  "usr/share/man",
  "usr/share/info",
  "usr/share/locale",
  "var/cache/apt",
  "var/lib/apt/lists",
  "var/log",
];

/** A registry that sends nothing for this long counts as unreachable. */
const silentMs = 15_000;

/**
 * Makes sure that the Docker engine has the base image: pulled, or created from the
 * distribution's packages when no registry can be reached (cached).
 *
 * @throws Failure when neither is possible
 */
export async function ensureBaseImage(progress: Progress, cache: string): Promise<void> {
  if ((await capture("docker", ["image", "inspect", baseImage])).status === 0) {
    return;
  }
  const folder = join(cache, "base");
  const archive = join(folder, `debian-12-slim-${process.arch}.tar`);
  if (!existsSync(archive)) {
    progress.line(`Pulling ${baseImage}, which the images are built on.`);
    if (await progress.during(`pulling ${baseImage}`, pull)) {
      return;
    }
    if (!canInstall()) {
      throw new Failure(
        `${baseImage} cannot be pulled, and only root on Debian or Ubuntu can create it from packages.`,
        `Run: docker pull ${baseImage}`,
      );
    }
    progress.line(
      `No image registry answers: installing debootstrap with apt-get, then building ${baseImage} from the distribution's packages.`,
    );
    await bootstrap(progress, folder, archive);
  }
  await progress.during(`importing ${baseImage}`, () =>
    must(`Importing ${baseImage}`, "docker", [
      ...[
        "import",
        "--change",
        'CMD ["bash"]',
        "--change",
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      ],
      ...[archive, baseImage],
    ]),
  );
  progress.line(`${baseImage} is ready (from ${archive}).`);
}

/** Pulls, but gives up early when nothing answers. */
async function pull(): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silentMs);
  const { status } = await capture("docker", ["pull", baseImage], {
    signal: silence.signal,
    timeoutMs: 600_000,
    onOutput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), 120_000);
    },
  }).finally(() => clearTimeout(timer));
  return status === 0;
}

async function bootstrap(progress: Progress, folder: string, archive: string): Promise<void> {
  await aptInstall(progress, ["debootstrap", "debian-archive-keyring"]);
  mkdirSync(folder, { recursive: true });
  removeAbandoned(folder);
  const tree = join(folder, `make-${markOf(process.pid)}`);
  const repositories = parseRepositories(
    (await capture("apt-get", ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"]))
      .stdout,
  );
  const mirror = mirrorOf(repositories);
  try {
    await progress.during(`making ${baseImage}`, async () => {
      await must(`Making ${baseImage}`, "debootstrap", [
        ...["--variant=minbase", "bookworm", tree],
        ...(mirror === undefined ? [] : [mirror]),
      ]);
      const sources = sourcesOf(repositories);
      if (sources !== "") {
        writeFileSync(join(tree, "etc/apt/sources.list"), sources);
      }
      for (const path of ballast) {
        rmSync(join(tree, path), { recursive: true, force: true });
        mkdirSync(join(tree, path), { recursive: true });
      }
      const part = `${archive}.${process.pid}`;
      const contents = ["--exclude=./dev/*", "--exclude=./proc/*", "--exclude=./sys/*", "."];
      await must("Packing it", "tar", ["--numeric-owner", "-C", tree, "-cf", part, ...contents]);
      renameSync(part, archive);
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** Removes what killed runs left behind. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const mark = /^make-(.+)$/.exec(name)?.[1];
    if (mark !== undefined && !isAlive(mark)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

/** A source of packages that this machine uses. */
export interface Repository {
  readonly uri: string;
  readonly suite: string;
}

/** Reads lines of `<address> <suite> <component>`; components other than main are left out. Pure. */
export function parseRepositories(text: string): readonly Repository[] {
  const seen = new Map<string, Repository>();
  for (const line of text.split("\n")) {
    const [uri, suite, component] = line.trim().split(/\s+/);
    if (uri !== undefined && suite !== undefined && component === "main") {
      seen.set(`${uri} ${suite}`, { uri, suite });
    }
  }
  return [...seen.values()];
}

/** The mirror for Debian 12 that this machine uses; undefined leaves the choice to debootstrap. Pure. */
export function mirrorOf(repositories: readonly Repository[]): string | undefined {
  const exact = repositories.find(({ suite }) => suite === "bookworm");
  const debian = repositories.find(({ uri }) => /\/debian\/?$/.test(uri));
  return (exact ?? debian)?.uri;
}

/** The list of sources for the image: those of Debian 12 that this machine uses too. Pure. */
export function sourcesOf(repositories: readonly Repository[]): string {
  return repositories
    .filter(({ suite }) => /^bookworm(-updates|-security)?$/.test(suite))
    .map(({ uri, suite }) => `deb ${uri} ${suite} main\n`)
    .join("");
}
