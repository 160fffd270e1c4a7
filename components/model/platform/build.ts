import type { OneOf } from "./one-of";

/** Where the content of a build's secret comes from. */
interface BuildSecretSources {
  /** File in the platform's folder. */
  readonly file: string;
  /** Key of Pulumi config, set with `npm run secret -- set <key>`; locally of `Pulumi.<environment>.secrets.yaml`. */
  readonly config: string;
  /** The content itself, for programs that find it when they run. Never write one into a file. */
  readonly value: string;
}

/** A secret that steps of a build read: exactly one source. */
export type BuildSecret = OneOf<BuildSecretSources>;

/** What BuildKit alone builds: the docker command of the machine that builds needs its plugin buildx. */
export interface BuildKitOptions {
  /** Secrets that steps mount, by their id, as `RUN --mount=type=secret,id=<id>`. They are in no layer; a new content alone does not build again. Needs buildx. @default {} @example { npm: { config: npmToken } } */
  readonly secrets?: { readonly [id: string]: BuildSecret };
  /** Agents or keys that steps mount, as `docker buildx build --ssh` takes them. Needs buildx. @default [] @example [default] */
  readonly ssh?: readonly string[];
  /** Further contexts by name: folders relative to the platform's, or addresses that `docker buildx build --build-context` takes. Needs buildx. @default {} @example { assets: ../assets } */
  readonly contexts?: { readonly [name: string]: string };
  /** Platforms to build for; several become one image, of which each node pulls its own part. Needs buildx. @default the platform of this machine's Docker engine @example [linux/amd64, linux/arm64] */
  readonly platforms?: readonly string[];
  /** What steps may do beyond the builder's own rights; the builder has to allow it too. Needs buildx. @default [] @example [network.host] */
  readonly entitlements?: readonly string[];
  /** Images or other caches that steps are taken from. Without buildx, only images that this machine's Docker engine has. @default [] @example ["type=registry,ref=registry.example.org/app:cache"] */
  readonly cacheFrom?: readonly string[];
  /** Where the steps are kept for other machines. Left out where the builder cannot export. @default [] @example ["type=inline"] */
  readonly cacheTo?: readonly string[];
}

/** What to do where the docker command has no buildx. Scripts that are inputs of resources have this text: it must not change. */
export const GET_BUILDX =
  "install the docker command's plugin buildx: the package docker-buildx of Debian, docker-buildx-plugin of Docker";

type Build = BuildKitOptions & { readonly dockerfileText?: string; readonly ulimits?: object };

/**
 * What a build asks for that the Docker engine's own builder does not do, in words.
 *
 * @param dockerfile text of its Dockerfile; undefined is not known
 * @example
 * buildKitNeeds({ ssh: ["default"] }, "FROM a"); // ["ssh"]
 */
export function buildKitNeeds(build: Build, dockerfile: string | undefined): readonly string[] {
  const { secrets = {}, ssh = [], contexts = {}, platforms = [], entitlements = [] } = build;
  const syntax = dockerfile === undefined ? undefined : buildKitSyntax(dockerfile);
  return [
    ...(Object.keys(secrets).length > 0 ? ["secrets"] : []),
    ...(ssh.length > 0 ? ["ssh"] : []),
    ...(Object.keys(contexts).length > 0 ? ["contexts"] : []),
    ...(platforms.length > 0 ? ["platforms"] : []),
    ...(entitlements.length > 0 ? ["entitlements"] : []),
    ...(syntax === undefined ? [] : [`\`${syntax}\` in its Dockerfile`]),
  ];
}

/** Whether a further context is a folder, and not an address. */
export function isContextFolder(place: string): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:\/\/|git@|docker-image:|oci-layout:|target:)/.test(place);
}

/** Whether an image is built by a command of ours, and not by Pulumi's Docker plugin. */
export function isBuiltByCommand(build: Build, dockerfile: string | undefined): boolean {
  const { cacheFrom = [], cacheTo = [], dockerfileText, ulimits } = build;
  if (cacheFrom.length > 0 || cacheTo.length > 0) return true;
  if (dockerfileText !== undefined || ulimits !== undefined) return true;
  return buildKitNeeds(build, dockerfile).length > 0;
}

const FLAGS =
  /^(?:RUN\s+(?:--\S+\s+)*?(--(?:mount|network|security))\b|(?:COPY|ADD)\s+(?:--\S+\s+)*?(--(?:link|chmod|exclude|parents|checksum|keep-git-dir))\b)/i;
const OWN_PLATFORM = /^FROM\s+--platform=\$\{?((?:BUILD|TARGET)PLATFORM)\}?\s/i;
const HERE_DOCUMENT = /^(?:RUN|COPY|ADD)\s.*?(<<-?["']?([A-Za-z_]\w*)["']?)/i;

/** The first thing in a Dockerfile that only BuildKit understands. Pure. */
export function buildKitSyntax(dockerfile: string): string | undefined {
  const lines = dockerfile.split(/\r?\n/);
  const known = new Set(lines.flatMap((line) => /^\s*ARG\s+(\w+)=/i.exec(line)?.[1] ?? []));
  let before = "";
  for (const [index, line] of lines.entries()) {
    if (/^\s*#/.test(line)) continue;
    const whole = `${before}${line.trim()}`;
    before = "";
    // No instruction is that long: other files take no time.
    if (whole.endsWith("\\") && whole.length < LONGEST) {
      before = `${whole.slice(0, -1)} `;
      continue;
    }
    const [, ofRun, ofCopy] = FLAGS.exec(whole) ?? [];
    const flag = ofRun ?? ofCopy;
    if (flag !== undefined) return flag;
    const platform = OWN_PLATFORM.exec(whole)?.[1];
    if (platform !== undefined && !known.has(platform)) return `--platform=$${platform}`;
    const [, written, word] = HERE_DOCUMENT.exec(whole) ?? [];
    if (written !== undefined && lines.slice(index + 1).some((one) => one.trim() === word)) {
      return written;
    }
  }
  return undefined;
}

const LONGEST = 20_000;
