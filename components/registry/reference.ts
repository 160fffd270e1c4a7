/**
 * Path of a repository from free text: lower case, and whatever a registry does not take
 * becomes a dash.
 *
 * @example repositoryPath("local", "demo/api") // "local/demo/api"
 */
export function repositoryPath(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split("/"))
    .map((part) =>
      part
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, ""),
    )
    .filter((part) => part !== "")
    .join("/");
}

/** Reference that nodes pull: by digest, so that every node runs the same image. */
export function pinned(address: string, repository: string, digest: string): string {
  return `${address}/${repository}@${digest}`;
}
