type Specs = { readonly [key: string]: { readonly dependsOn?: readonly string[] } };

/** Services that another one depends on: each waits for its own tasks. */
export function waitedFor(specs: Specs): ReadonlySet<string> {
  return new Set(Object.values(specs).flatMap((spec) => spec.dependsOn ?? []));
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
    for (const before of specs[key]?.dependsOn ?? []) visit(before, [...path, key]);
    if (key in specs) ordered.add(key);
  };
  for (const key of Object.keys(specs)) visit(key, []);
  return [...ordered];
}
