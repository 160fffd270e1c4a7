import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BuildOptions, told } from "./build";
import { compile } from "./compile";
import { moduleFolder } from "./modules";
import { type Part, partKey } from "./parts";
import { readSources } from "./sources";
import { Store } from "./store";
import { requireGo } from "./toolchain";
import { copyTree } from "./tree";
import pinned from "./versions.json";

/** The module of Traefik's ACME client. */
const lego = `github.com/go-acme/lego/v5@${pinned.lego}`;

/** What of it Traefik uses, and what needs no further modules. */
const legoFolders = [
  "go.mod",
  "acme",
  "certcrypto",
  "certificate",
  "challenge",
  "internal",
  "lego",
  "log",
  "platform",
  "providers/http",
  "registration",
];

/** Traefik, which only tests run. */
export function traefikPart(): Part {
  return {
    name: "traefik",
    title: "Traefik",
    module: "traefik",
    sources: ["traefik"],
    package: "github.com/traefik/traefik/v3/cmd/traefik",
    linked: `github.com/traefik/traefik/v3/pkg/version.Version=${pinned.traefik}`,
    binary: "traefik",
    folder: "bin",
  };
}

/**
 * Builds Traefik from Go modules, or returns at once what an earlier run has built.
 *
 * @returns the path of the program
 * @throws one sentence when Go is missing or too old, or what `go` said when it fails
 */
export async function buildTraefik(options: BuildOptions): Promise<string> {
  const part = traefikPart();
  const platform = `${process.platform}/${process.arch} ${lego}`;
  const key = partKey(part, readSources(__dirname, part.sources), platform);
  const store = new Store(resolve(options.cacheDir));
  if (!store.has("parts", key)) {
    await requireGo(pinned.go);
    store.sweep();
    const signal = options.signal ?? new AbortController().signal;
    await told(part.title, options.log, () =>
      store.add("parts", key, (folder) => build(part, folder, signal)),
    );
  }
  return join(store.path("parts", key), part.binary);
}

/** Lays the sources out as their go.mod expects, and builds. */
async function build(part: Part, folder: string, signal: AbortSignal): Promise<void> {
  const sources = join(folder, "sources");
  const module = join(sources, part.module);
  cpSync(join(__dirname, part.module), module, { recursive: true });
  const from = await moduleFolder(lego, pinned.legoSum, signal);
  const to = join(module, "lego");
  for (const name of legoFolders) copyTree(join(from, name), join(to, name));
  copyTree(join(module, "dns"), join(to, "providers", "dns"));
  await compile(sources, part, join(folder, part.binary), signal);
  rmSync(sources, { recursive: true });
}
