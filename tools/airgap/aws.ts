import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BuildOptions, told } from "./build";
import { compile } from "./compile";
import { moduleFolder } from "./modules";
import { type Part, partKey, plugin } from "./parts";
import { readSources } from "./sources";
import { linkOrCopy, Store } from "./store";
import { requireGo } from "./toolchain";
import { awsServices, copyUpstream } from "./upstream";
import pinned from "./versions.json";

/** The Terraform provider that the AWS plugin serves, and the checksum of its module. */
const upstream = `github.com/hashicorp/terraform-provider-aws@${pinned.awsProvider}`;

/** The AWS plugin. It is built separately: few need it, and it takes long. */
export function awsPart(): Part {
  return plugin("aws", pinned.aws, ["aws-plugin", "parent"]);
}

/** The folder of the AWS plugin in the cache, whether it is built or not. */
function builtFolder(cacheDir: string): string {
  const platform = `${process.platform}/${process.arch} ${upstream} ${awsServices.join(" ")}`;
  const part = awsPart();
  const key = partKey(part, readSources(__dirname, part.sources), platform);
  return new Store(resolve(cacheDir)).path("parts", key);
}

/**
 * Links the AWS plugin into a PULUMI_HOME if an earlier run built it. It builds nothing.
 *
 * @returns false when there is none
 */
export function linkAwsPlugin(cacheDir: string, home: string): boolean {
  const part = awsPart();
  const folder = join(home, part.folder);
  if (existsSync(join(folder, part.binary))) return true;
  const built = join(builtFolder(cacheDir), part.binary);
  if (!existsSync(built)) return false;
  mkdirSync(folder, { recursive: true });
  linkOrCopy(built, join(folder, part.binary));
  return true;
}

/**
 * Builds the AWS plugin from Go modules, or returns at once what an earlier run has built.
 *
 * @returns the path of the program
 * @throws one sentence when Go is missing or too old, or what `go` said when it fails
 */
export async function buildAwsPlugin(options: BuildOptions): Promise<string> {
  const part = awsPart();
  const folder = builtFolder(options.cacheDir);
  if (!existsSync(folder)) {
    await requireGo(pinned.go);
    const store = new Store(resolve(options.cacheDir));
    store.sweep();
    const signal = options.signal ?? new AbortController().signal;
    const key = folder.slice(store.path("parts", "").length);
    await told(part.title, options.log, () =>
      store.add("parts", key, (work) => build(part, work, signal)),
    );
  }
  return join(folder, part.binary);
}

/** Lays the sources out side by side, as their go.mod expects, and builds. */
async function build(part: Part, folder: string, signal: AbortSignal): Promise<void> {
  const sources = join(folder, "sources");
  for (const name of part.sources) {
    cpSync(join(__dirname, name), join(sources, name), { recursive: true });
  }
  copyUpstream(
    await moduleFolder(upstream, pinned.awsProviderSum, signal),
    join(sources, "upstream"),
    awsServices,
  );
  await compile(sources, part, join(folder, part.binary), signal);
  rmSync(sources, { recursive: true });
}
