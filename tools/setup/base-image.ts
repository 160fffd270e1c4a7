import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  type Base,
  baseOf,
  enginesIn,
  LOCAL_ENGINES,
  type LocalEngine,
} from "../../components/model/local-engines";
import { aptInstall, canInstall } from "./apt";
import { Failure } from "./failure";
import { root } from "./folders";
import { capture, must } from "./processes";
import type { Progress } from "./progress";
import { isAlive, markOf } from "./runs";

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

/** Generations whose base images the images of platforms need, by the platforms' folders. */
export function enginesOfPlatforms(
  names: readonly string[],
  platforms = join(root, "platforms"),
): readonly LocalEngine[] {
  const folders = names.map((name) => join(platforms, name)).filter((folder) => existsSync(folder));
  const entries: readonly Dirent[] = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }),
  );
  const files = entries.filter((entry) => entry.isFile() && /dockerfile/i.test(entry.name));
  const found = files.flatMap(({ parentPath, name }) =>
    enginesIn(readFileSync(join(parentPath, name), "utf8")),
  );
  return LOCAL_ENGINES.filter((engine) => found.includes(engine));
}

/** Whether the Docker engine answers and has all of these base images. */
export async function hasBaseImages(engines: readonly LocalEngine[]): Promise<boolean> {
  const images = engines.map((engine) => baseOf(engine).image);
  const { status } = await capture(
    "docker",
    ["image", "inspect", "--format", "{{.Id}}", ...images],
    {
      timeoutMs: 10_000,
    },
  );
  return status === 0;
}

/**
 * Makes sure that the Docker engine has the base images of generations, all at once: pulled, or
 * created from the distribution's packages when no registry can be reached (cached).
 *
 * @throws Failure when neither is possible
 */
export async function ensureBaseImages(
  engines: readonly LocalEngine[],
  progress: Progress,
  cache: string,
): Promise<void> {
  const ensured = await Promise.allSettled(
    engines.map((engine) => ensureBaseImage(baseOf(engine), progress, cache)),
  );
  // After all have ended, so that nothing continues after the error.
  for (const one of ensured) if (one.status === "rejected") throw one.reason;
}

async function ensureBaseImage(base: Base, progress: Progress, cache: string): Promise<void> {
  const { image } = base;
  if ((await capture("docker", ["image", "inspect", image])).status === 0) {
    return;
  }
  const folder = join(cache, "base");
  const archive = join(folder, `${image.replace(":", "-")}-${process.arch}.tar`);
  if (!existsSync(archive)) {
    progress.line(`Pulling ${image}, which images are built on.`);
    if (await progress.during(`pulling ${image}`, () => pull(image))) {
      return;
    }
    if (!canInstall()) {
      throw new Failure(
        `${image} cannot be pulled, and only root on Debian or Ubuntu can create it from packages.`,
        `Run: docker pull ${image}`,
      );
    }
    progress.line(
      `No image registry answers: installing debootstrap with apt-get, then building ${image} from the distribution's packages.`,
    );
    await bootstrap(base, progress, folder, archive);
  }
  await progress.during(`importing ${image}`, () =>
    must(`Importing ${image}`, "docker", [
      ...[
        "import",
        "--change",
        'CMD ["bash"]',
        "--change",
        "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      ],
      ...[archive, image],
    ]),
  );
  progress.line(`${image} is ready (from ${archive}).`);
}

/** Pulls, but gives up early when nothing answers. */
async function pull(image: string): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silentMs);
  const { status } = await capture("docker", ["pull", image], {
    signal: silence.signal,
    timeoutMs: 600_000,
    onOutput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), 120_000);
    },
  }).finally(() => clearTimeout(timer));
  return status === 0;
}

async function bootstrap(
  { image, suite }: Base,
  progress: Progress,
  folder: string,
  archive: string,
): Promise<void> {
  await aptInstall(progress, ["debootstrap", "debian-archive-keyring"]);
  mkdirSync(folder, { recursive: true });
  removeAbandoned(folder);
  const tree = join(folder, `make-${suite}-${markOf(process.pid)}`);
  const repositories = parseRepositories(
    (await capture("apt-get", ["indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"]))
      .stdout,
  );
  const mirror = mirrorOf(repositories, suite);
  try {
    await progress.during(`making ${image}`, async () => {
      await must(`Making ${image}`, "debootstrap", bootstrapWords(suite, tree, mirror));
      const sources = sourcesOf(repositories, suite);
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

/**
 * Arguments of debootstrap. `--force-check-gpg` makes it stop when this machine has no keyring; otherwise it would not
 * check signatures. Pure.
 */
export function bootstrapWords(suite: string, tree: string, mirror?: string): readonly string[] {
  const words = ["--force-check-gpg", "--variant=minbase", suite, tree];
  return mirror === undefined ? words : [...words, mirror];
}

/** Removes what killed runs left behind. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const mark = /^make-(?:[a-z]+-)?(\d.*)$/.exec(name)?.[1];
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

/** The mirror for a Debian release that this machine uses; undefined leaves the choice to debootstrap. Pure. */
export function mirrorOf(repositories: readonly Repository[], release: string): string | undefined {
  const exact = repositories.find(({ suite }) => suite === release);
  const debian = repositories.find(({ uri }) => /\/debian\/?$/.test(uri));
  return (exact ?? debian)?.uri;
}

/** The list of sources for the image, without logins: those of the release that this machine uses too. Pure. */
export function sourcesOf(repositories: readonly Repository[], release: string): string {
  const suites = [release, `${release}-updates`, `${release}-security`];
  return repositories
    .filter(({ suite }) => suites.includes(suite))
    .map(({ uri, suite }) => `deb ${uri.replace(/^(\w+:\/\/)[^/]*@/, "$1")} ${suite} main\n`)
    .join("");
}
