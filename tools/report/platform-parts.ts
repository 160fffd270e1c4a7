import type { Held } from "./destruction";

/** How much of a platform goes. */
export const levels = ["keep", "clean", "all"] as const;
export type Level = (typeof levels)[number];

/** What each level takes, in words. */
export const levelWords: { readonly [level in Level]: string } = {
  keep: "its services and networks; data, secrets and configs stay",
  clean: "its services and networks, and everything in its volumes; secrets and configs stay",
  all: "everything of it, also its volumes with their data",
};

/** Types that every level takes. */
const running = ["Service", "Rollout", "Creations", "Network"].map((kind) => `swarm:index:${kind}`);

/** The resources of a platform: its components and what is below them. Pure. */
export function partsOf(platform: string, resources: readonly Held[]): readonly Held[] {
  const own = new Set<string>();
  // A parent is before its children in a state.
  for (const { urn = "", type, parent = "" } of resources) {
    const name = urn.split("::").at(-1);
    const isRoot =
      (type === "swarm:platform:Platform" && name === platform) ||
      (type === "swarm:services:Services" && name === `${platform}-services`);
    if (isRoot || own.has(parent)) own.add(urn);
  }
  return resources.filter(({ urn = "" }) => own.has(urn));
}

/** The parts that a level destroys. Commands are seeds and directories: with the data gone, they run again. Pure. */
export function goingAt(level: Level, parts: readonly Held[]): readonly Held[] {
  if (level === "all") return parts;
  const withData = [...running, "swarm:index:Volume"];
  return parts.filter(({ type }) =>
    level === "keep" ? running.includes(type) : withData.includes(type) || isCommand(type),
  );
}

function isCommand(type: string): boolean {
  return type.startsWith("command:");
}

/** Names of resources outside of a platform that depend on what goes. Pure. */
export function dependentsOf(going: readonly Held[], all: readonly Held[]): readonly string[] {
  const urns = new Set(going.map(({ urn }) => urn));
  return all.flatMap(({ urn = "", dependencies = [] }) => {
    if (urns.has(urn) || !dependencies.some((one) => urns.has(one))) return [];
    return [urn.split("::").at(-1) ?? ""];
  });
}

const nouns: readonly (readonly [string, string, string])[] = [
  ["swarm:index:Service", "service", "services"],
  ["swarm:index:Network", "network", "networks"],
  ["swarm:index:Secret", "secret", "secrets"],
  ["swarm:index:Config", "config", "configs"],
];

/** What goes, a line for each kind with the count and the names. Pure. */
export function goingLines(going: readonly Held[]): readonly string[] {
  return nouns.flatMap(([type, one, many]) => {
    const names = going
      .filter((held) => held.type === type)
      .map(({ urn, inputs }) => String(inputs?.name ?? inputs?.base ?? urn?.split("::").at(-1)));
    if (names.length === 0) return [];
    return [`  ${names.length} ${names.length === 1 ? one : many}: ${names.join(", ")}`];
  });
}
