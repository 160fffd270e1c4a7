import type { Environment } from "./environment";

/**
 * One sentence about kinds of machines and shares that are checked but not built yet; undefined when
 * the environment has none.
 */
export function unbuilt({ hosts }: Pick<Environment, "hosts">): string | undefined {
  const named = hosts.filter((host) => host.kind !== "local");
  if (named.length === 0) return undefined;
  const kinds = [...new Set(named.map((host) => host.kind))].join(" and ");
  const names = named.map((host) => host.name).join(", ");
  return `Machines of kind ${kinds} are not built yet: ${names}. Set the kind of their groups to "local" to try the environment on this machine.`;
}
