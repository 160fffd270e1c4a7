import { posix } from "node:path";
import type { BuildSecret } from "../model/platform/build";
import { buildKitNeeds, GET_BUILDX } from "../model/platform/build";
import type { ImageBuild } from "../model/platform/spec";
import { quote } from "../model/quote";
import { linesOf, type Script } from "../model/script";

/** An image that a command builds on this machine. */
export interface CommandBuild {
  readonly build: ImageBuild;
  /** Folder that all paths start from, as the script's own folder sees it. */
  readonly folder: string;
  /** Name of the image on this machine's Docker engine, with its tag. */
  readonly image: string;
  /** Text of the Dockerfile; undefined when it cannot be read. */
  readonly dockerfile: string | undefined;
  /** Labels of the image. */
  readonly labels: { readonly [name: string]: string };
}

/** Contents of the secrets that come in on standard input, by id. */
export type SecretContents = { readonly [id: string]: string };

/** Ids of the secrets whose contents the script reads from its standard input, in their order. */
export function contentsNeeded({ secrets = {} }: ImageBuild): readonly string[] {
  return Object.entries(secrets).flatMap(([id, { file }]) => (file === undefined ? [id] : []));
}

/**
 * Script that builds an image with the docker command, unless the Docker engine has one of that name already.
 * Secrets are in no argument and in no file of ours: BuildKit takes them from the environment of the one
 * command, or from the operator's own file.
 */
export function buildScript(args: CommandBuild): Script<SecretContents> {
  const needs = buildKitNeeds(args.build, args.dockerfile);
  const ids = contentsNeeded(args.build);
  return {
    text: `set -euo pipefail
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd ${quote(args.folder)}
${ids.map(readContent).join("")}${findBuilder(args, needs)}${inlineFile(args.build)}${partsOf(
  args.build,
  args.image,
)
  .map((part) => buildPart(part, args))
  .join("")}`,
    stdin: (contents) =>
      ids.length === 0
        ? ""
        : linesOf(...ids.map((id) => Buffer.from(contents[id] ?? "").toString("base64"))),
  };
}

/** The images of a build, one for each platform that it names. */
export function partsOf(
  { platforms = [] }: Pick<ImageBuild, "platforms">,
  image: string,
): readonly { readonly image: string; readonly platform?: string }[] {
  const [only] = platforms;
  if (only === undefined) return [{ image }];
  if (platforms.length === 1) return [{ image, platform: only }];
  return platforms.map((platform) => ({
    image: `${image}-${platform.replaceAll("/", "-")}`,
    platform,
  }));
}

const variableOf = (index: number) => `SWARMYARD_BUILD_SECRET_${index}`;

/** The last character keeps line ends, which a substitution would take away. */
function readContent(_: string, index: number): string {
  const name = variableOf(index);
  return `IFS= read -r line
${name}=$(printf '%s' "$line" | base64 -d && printf x)
export ${name}="\${${name}%x}"
`;
}

/** With buildx where it is needed, or where it makes a difference and is there. */
function findBuilder({ build }: CommandBuild, needs: readonly string[]): string {
  const { cacheFrom = [], cacheTo = [] } = build;
  if (needs.length > 0) {
    return `if ! docker buildx version >/dev/null 2>&1; then
  echo ${quote(`this build needs buildx (${needs.map((one) => one.replaceAll("`", "")).join(", ")}): ${GET_BUILDX}`)} >&2
  exit 1
fi
`;
  }
  if (cacheFrom.length + cacheTo.length === 0) return "";
  return `buildx=no
if docker buildx version >/dev/null 2>&1; then buildx=yes; fi
`;
}

function inlineFile({ dockerfileText }: ImageBuild): string {
  return dockerfileText === undefined
    ? ""
    : `printf '%s' ${quote(dockerfileText)} >"$work/Dockerfile"\n`;
}

type Part = ReturnType<typeof partsOf>[number];

function buildPart(part: Part, args: CommandBuild): string {
  const { build, dockerfile } = args;
  const { cacheFrom = [], cacheTo = [] } = build;
  const common = commonWords(part, args);
  const withBuildx = buildxWords(part, args);
  const needed = buildKitNeeds(build, dockerfile).length > 0;
  const optional = !needed && cacheFrom.length + cacheTo.length > 0;
  // A Docker engine without containerd's store exports no cache, and its docker command refuses to try.
  const exports = cacheTo.length === 0 ? "" : exporting(cacheTo);
  const buildx = `${exports}run docker buildx build ${[...withBuildx, ...common].join(" ")}${cacheTo.length === 0 ? "" : ' "${cache[@]}"'} ${contextOf(build)}`;
  const plain = `DOCKER_BUILDKIT=0 run docker build ${[
    ...cacheFrom.filter((one) => !one.includes("=")).map((one) => `--cache-from ${quote(one)}`),
    ...common,
  ].join(" ")} ${contextOf(build)}`;
  const command = needed
    ? buildx
    : optional
      ? `if [ "$buildx" = yes ]; then\n${buildx}\nelse\n${plain}\nfi`
      : plain;
  return `if ! docker image inspect ${quote(part.image)} >/dev/null 2>&1; then
${RUN}
${command}
fi
`;
}

/** Only a build that fails prints, and then the end of it. */
const RUN = `run() {
  if "$@" >"$work/log" 2>&1 </dev/null; then return; fi
  tail -n 25 "$work/log" >&2
  exit 1
}`;

function exporting(cacheTo: readonly string[]): string {
  const words = (list: readonly string[]) =>
    list.map((one) => `--cache-to ${quote(one)}`).join(" ");
  const inline = cacheTo.filter((one) => /(^|,)type=inline(,|$)/.test(one));
  return `cache=(${words(cacheTo)})
if docker buildx inspect 2>/dev/null | grep -Eq '^Driver: +docker$' &&
  ! docker info --format '{{json .DriverStatus}}' 2>/dev/null | grep -q io.containerd.snapshotter; then
  cache=(${words(inline)})
fi
`;
}

function commonWords({ image }: Part, { build, labels }: CommandBuild): readonly string[] {
  const { dockerfile, dockerfileText, context, target, network, shmSize, ulimits = {} } = build;
  const file =
    dockerfileText === undefined ? quote(fileIn(context, dockerfile)) : '"$work/Dockerfile"';
  const hosts = Object.entries(build.extraHosts ?? {}).flatMap(([name, addresses]) =>
    addresses.split(/, */).map((address) => `${name}:${address}`),
  );
  return [
    `--file ${file}`,
    `--tag ${quote(image)}`,
    ...pairs("--build-arg", build.args),
    ...pairs("--label", labels),
    ...(target === undefined ? [] : [`--target ${quote(target)}`]),
    ...(network === undefined ? [] : [`--network ${quote(network)}`]),
    ...hosts.map((host) => `--add-host ${quote(host)}`),
    ...(shmSize === undefined ? [] : [`--shm-size ${quote(shmSize)}`]),
    ...Object.entries(ulimits).map(
      ([name, { soft, hard }]) => `--ulimit ${quote(`${name}=${soft}:${hard}`)}`,
    ),
    ...(build.noCache === true ? ["--no-cache"] : []),
    ...(build.pull === true ? ["--pull"] : []),
  ];
}

function fileIn(context: string, dockerfile = "Dockerfile"): string {
  return posix.isAbsolute(dockerfile) ? dockerfile : posix.join(context, dockerfile);
}

function buildxWords({ platform }: Part, { build }: CommandBuild): readonly string[] {
  const { secrets = {}, ssh = [], contexts, cacheFrom = [], entitlements = [] } = build;
  const inEnvironment = contentsNeeded(build);
  return [
    // Attestations would make a list of images out of one.
    "--load --progress plain --provenance false",
    ...(platform === undefined ? [] : [`--platform ${quote(platform)}`]),
    ...Object.entries(secrets).map(([id, secret]) => {
      const source = sourceOf(secret, inEnvironment.indexOf(id));
      return `--secret ${quote([`id=${id}`, source].map(field).join(","))}`;
    }),
    ...ssh.map((one) => `--ssh ${quote(one)}`),
    ...pairs("--build-context", contexts),
    ...entitlements.map((one) => `--allow ${quote(one)}`),
    ...cacheFrom.map((one) => `--cache-from ${quote(one)}`),
  ];
}

function sourceOf({ file }: BuildSecret, index: number): string {
  return file === undefined ? `env=${variableOf(index)}` : `src=${file}`;
}

/** One field of comma-separated values, as buildx reads them. */
function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function pairs(option: string, map: { readonly [key: string]: string } = {}): readonly string[] {
  return Object.entries(map).map(([key, value]) => `${option} ${quote(`${key}=${value}`)}`);
}

function contextOf({ context }: ImageBuild): string {
  return quote(context);
}
