import type { Environment } from "./environment";

/**
 * Path of a repository from free text: lower case, and characters that a registry does not allow
 * become dashes.
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

/**
 * Path of all repositories of an environment; the role's policy uses it too.
 *
 * @example ownRepositories({ prefix: "yard", name: "Blue_2" }) // "yard-blue-2"
 */
export function ownRepositories({ prefix, name }: Pick<Environment, "prefix" | "name">): string {
  return repositoryPath(`${prefix}-${name}`);
}
