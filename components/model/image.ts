/** The parts of an image reference. */
export interface ImageReference {
  /** Repository with its registry, as written. */
  readonly repository: string;
  readonly tag?: string;
  /** Such as `sha256:…`. */
  readonly digest?: string;
}

/** Hosts by which references name Docker Hub. */
export const HUB_HOSTS: readonly string[] = [
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
];

/** Host of the registry that an image is from, as its name says; `docker.io` where it names none. Pure. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return named ? first : "docker.io";
}

const NAME = /^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What is wrong with a text, and what to write instead. */
export interface Refusal {
  readonly wrong: string;
  readonly fix: string;
}

const FIX = "`repository:tag`, for example `redis:7`";

/** Splits an image reference, or says what is wrong with it. */
export function parseImage(image: string): ImageReference | Refusal {
  if (image.includes("://")) {
    return { wrong: "has a scheme", fix: image.slice(image.indexOf("://") + 3) };
  }
  const [named = "", digest, ...more] = image.split("@");
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  const repository = tagged ? named.slice(0, colon) : named;
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (/^[0-9a-f]{64}$/.test(repository)) {
    return { wrong: "is the id of an image, which registries do not know", fix: FIX };
  }
  if (!NAME.test(repository)) {
    const lower = repository.toLowerCase();
    return NAME.test(lower)
      ? { wrong: "has capitals in its repository", fix: lower + named.slice(repository.length) }
      : { wrong: "is not an image reference", fix: FIX };
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return { wrong: "has a malformed tag", fix: FIX };
  }
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) {
    return { wrong: "has a malformed digest", fix: "`repository:tag@sha256:<64 hex digits>`" };
  }
  return { repository, tag, digest };
}

/** The image pinned to a digest: `repository:tag@sha256:…`. Malformed references stay as they are. */
export function pinned(image: string, digest: string): string {
  const parts = parseImage(image);
  if ("wrong" in parts) return image;
  return `${parts.repository}:${parts.tag ?? "latest"}@${digest}`;
}

/** Whether the reference already names its content by digest. */
export function isPinned(image: string): boolean {
  const parts = parseImage(image);
  return "digest" in parts && parts.digest !== undefined;
}
