import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "./compile";
import { engineKey, type Part, partKey, partsOf, type Versions } from "./parts";
import { readSources } from "./sources";
import { linkOrCopy, Store } from "./store";
import { requireGo } from "./toolchain";
import pinned from "./versions.json";

/** How many parts are built in parallel: more would only compete for processors. */
const width = 2;

/** A Pulumi that is ready to run. */
export interface Engine {
  /** The path of the command line. */
  readonly pulumi: string;
  /** The PULUMI_HOME to use: holds `bin/` and `plugins/`, and nothing of the user's. */
  readonly home: string;
  /** The version of the command line, without a leading v. */
  readonly version: string;
}

/** What {@link buildEngine} needs to know. */
export interface BuildOptions {
  /** The folder to keep what was built in. */
  readonly cacheDir: string;
  /** Takes one line of progress at a time: when a part begins and when it ends. */
  readonly log: (line: string) => void;
  /** Ends the build. */
  readonly signal?: AbortSignal;
}

/** Default folder for what is built. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(base, "swarmyard", "engine");
}

/**
 * Builds Pulumi from Go modules, or returns what an earlier run built.
 * It may be killed at any time and run several times at once.
 *
 * @throws one sentence when Go is missing or too old, or what `go` said when it fails
 */
export async function buildEngine(options: BuildOptions): Promise<Engine> {
  const versions: Versions = pinned;
  const parts = partsOf(versions);
  const platform = `${process.platform}/${process.arch}`;
  const keys = parts.map((part) => partKey(part, readSources(__dirname, part.sources), platform));
  const store = new Store(resolve(options.cacheDir));
  const key = engineKey(parts, keys);
  if (!store.has("homes", key)) {
    store.sweep();
    await buildParts(parts, keys, store, versions, options);
    await store.add("homes", key, (folder) => furnish(folder, parts, keys, store));
  }
  const home = store.path("homes", key);
  return { pulumi: join(home, "bin", "pulumi"), home, version: versions.cli };
}

/** Builds what the store lacks, a few parts at a time; the first failure ends the others. */
async function buildParts(
  parts: readonly Part[],
  keys: readonly string[],
  store: Store,
  versions: Versions,
  options: BuildOptions,
): Promise<void> {
  const missing = parts
    .map((part, index) => ({ part, key: keys[index] as string }))
    .filter(({ key }) => !store.has("parts", key));
  if (missing.length === 0) {
    return;
  }
  await requireGo(versions.go);
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])]);
  const work = async () => {
    for (let next = missing.shift(); next && !signal.aborted; next = missing.shift()) {
      const { part, key } = next;
      await told(part.title, options.log, () =>
        store.add("parts", key, (dir) => compile(__dirname, part, join(dir, part.binary), signal)),
      );
    }
  };
  // Report the first failure; those caused by its abort say nothing.
  const workers = Array.from({ length: width }, () =>
    work().catch((error) => failure.abort(error)),
  );
  await Promise.all(workers);
  signal.throwIfAborted();
}

/** Builds one part, with a line at its beginning and one at its end. */
export async function told(
  title: string,
  log: BuildOptions["log"],
  build: () => Promise<unknown>,
): Promise<void> {
  const began = Date.now();
  log(`building ${title} from Go modules`);
  await build();
  log(`built ${title} in ${Math.round((Date.now() - began) / 1000)}s`);
}

/** Lays out a PULUMI_HOME. */
function furnish(
  home: string,
  parts: readonly Part[],
  keys: readonly string[],
  store: Store,
): void {
  parts.forEach((part, index) => {
    const folder = join(home, part.folder);
    mkdirSync(folder, { recursive: true });
    // Not a symbolic link: the command line looks for the language host next to its real path.
    const built = join(store.path("parts", keys[index] as string), part.binary);
    linkOrCopy(built, join(folder, part.binary));
  });
}
