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

const NAME = /^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Splits an image reference; a text is what is wrong with it and what to type. */
export function parseImage(image: string): ImageReference | string {
  if (image.includes("://")) {
    return `has a scheme; type ${image.slice(image.indexOf("://") + 3)}`;
  }
  const [named = "", digest, ...more] = image.split("@");
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  const repository = tagged ? named.slice(0, colon) : named;
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (!NAME.test(repository)) {
    const lower = repository.toLowerCase();
    return NAME.test(lower)
      ? `has capitals in its repository; type ${lower}${named.slice(repository.length)}`
      : "is no image reference; type repository:tag, for example redis:7";
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return "has a malformed tag; type repository:tag, for example redis:7";
  }
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) {
    return "has a malformed digest; type repository:tag@sha256:<64 hex digits>";
  }
  return { repository, tag, digest };
}

/** The image pinned to a digest: `repository:tag@sha256:…`. Malformed references stay as they are. */
export function pinned(image: string, digest: string): string {
  const parts = parseImage(image);
  if (typeof parts === "string") return image;
  return `${parts.repository}:${parts.tag ?? "latest"}@${digest}`;
}

/** Whether the reference names its content by digest already. */
export function isPinned(image: string): boolean {
  const parts = parseImage(image);
  return typeof parts !== "string" && parts.digest !== undefined;
}
