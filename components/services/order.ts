import type { ServicePlan } from "../model/platform/plan";

type Specs = { readonly [key: string]: Partial<Pick<ServicePlan, "dependsOn">> };

/**
 * Services that another one depends on, each with what it waits for itself: that its containers have started,
 * or that it runs (which of a job means that it is done).
 */
export function waitedFor(specs: Specs): ReadonlyMap<string, "started" | "running"> {
  const waits = new Map<string, "started" | "running">();
  for (const { dependsOn = {} } of Object.values(specs)) {
    for (const [key, condition] of Object.entries(dependsOn)) {
      if (condition !== "started") waits.set(key, "running");
      else if (!waits.has(key)) waits.set(key, "started");
    }
  }
  return waits;
}

/**
 * Keys in an order in which each follows its dependencies.
 *
 * @throws Error when services depend on each other in a circle (preflight refuses that first).
 */
export function inDependencyOrder(specs: Specs): readonly string[] {
  const ordered = new Set<string>();
  const visit = (key: string, path: readonly string[]): void => {
    if (path.includes(key))
      throw new Error(`services depend on each other in a circle: ${[...path, key].join(" -> ")}`);
    for (const before of Object.keys(specs[key]?.dependsOn ?? {})) visit(before, [...path, key]);
    if (key in specs) ordered.add(key);
  };
  for (const key of Object.keys(specs)) visit(key, []);
  return [...ordered];
}
