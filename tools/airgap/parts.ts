import { createHash } from "node:crypto";
import { join } from "node:path";

/** The pinned versions: the content of `versions.json`. */
export interface Versions {
  /** The oldest Go that can build the parts, as `major.minor`. */
  readonly go: string;
  /** The Pulumi command line, and the SDK of the same version. */
  readonly cli: string;
  /** The Node.js language host; its module has no recent versions. */
  readonly languageHost: string;
  /** The docker plugin, the version of the npm package `@pulumi/docker`. */
  readonly docker: string;
  /** The command plugin, the version of the npm package `@pulumi/command`. */
  readonly command: string;
}

/** One program of the Pulumi engine: what it is built from and where it goes. */
export interface Part {
  readonly name: string;
  /** Its name in progress lines. */
  readonly title: string;
  /** The folder of its Go module, relative to `tools/airgap`. */
  readonly module: string;
  /** All folders whose content makes the program, relative to `tools/airgap`. */
  readonly sources: readonly string[];
  /** The Go package with its `main`. */
  readonly package: string;
  /** What the linker sets, as `import/path.variable=value`. */
  readonly linked: string;
  readonly binary: string;
  /** Its folder below PULUMI_HOME. */
  readonly folder: string;
}

const pulumiVersion = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The parts of a Pulumi engine, the longest builds first. */
export function partsOf(versions: Versions): readonly Part[] {
  return [
    {
      name: "cli",
      title: "the Pulumi command line",
      module: "cli",
      sources: ["cli"],
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      linked: `${pulumiVersion}=v${versions.cli}`,
      binary: "pulumi",
      folder: "bin",
    },
    plugin("docker", versions.docker, ["docker-plugin", "parent"]),
    plugin("command", versions.command, ["command-plugin", "parent"]),
    {
      name: "language-nodejs",
      title: "the Node language host",
      module: "language-nodejs",
      sources: ["language-nodejs"],
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      linked: `${pulumiVersion}=v${versions.languageHost}`,
      binary: "pulumi-language-nodejs",
      folder: "bin",
    },
  ];
}

/** A plugin whose module is in `<name>-plugin`. */
export function plugin(name: string, version: string, sources: readonly string[]): Part {
  return {
    name,
    title: `the ${name} plugin`,
    module: `${name}-plugin`,
    sources,
    package: ".",
    linked: `main.version=${version}`,
    binary: `pulumi-resource-${name}`,
    folder: join("plugins", `resource-${name}-v${version}`),
  };
}

/** What `go build` of a part is called with; `output` is the file to write. */
export function buildArguments(part: Part, output: string): readonly string[] {
  return ["build", "-ldflags", `-s -w -X ${part.linked}`, "-o", output, part.package];
}

/** What the environment of every `go` holds, so that the same sources make the same programs. */
export const goEnvironment = {
  CGO_ENABLED: "0",
  GO111MODULE: "on",
  GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
  GOWORK: "off",
} as const;

/** One file of a part's sources: its path below `tools/airgap` with slashes, and its content. */
export interface SourceFile {
  readonly path: string;
  readonly content: string | Buffer;
}

/** The folder name of a built part: it changes with everything that makes the program. */
export function partKey(part: Part, files: readonly SourceFile[], platform: string): string {
  const recipe = JSON.stringify([platform, goEnvironment, buildArguments(part, ""), part.module]);
  const hash = createHash("sha256").update(recipe);
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const file of sorted) {
    const content = createHash("sha256").update(file.content).digest("hex");
    hash.update(`\n${content} ${file.path}`);
  }
  return `${part.name}-${hash.digest("hex").slice(0, 16)}`;
}

/** The folder name of a Pulumi engine made of parts with these keys. */
export function engineKey(parts: readonly Part[], keys: readonly string[]): string {
  const places = parts.map((part, index) => [keys[index], part.folder, part.binary]);
  return createHash("sha256").update(JSON.stringify(places)).digest("hex").slice(0, 16);
}
