import type { Live } from "./live";
import type { Outputs } from "./outputs";

/** Columns side by side, two spaces apart. Pure. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/**
 * Node and service tables of an environment. Pure.
 *
 * @param live undefined when no manager could be asked
 * @param sshOf the command that opens a shell on a node
 */
export function renderEnvironment(
  outputs: Outputs,
  live: Live | undefined,
  sshOf: (node: string) => string,
): readonly string[] {
  const states = new Map(live?.nodes.map(({ name, state }) => [name, state]));
  const nodes = Object.entries(outputs.nodes).map(([name, { role, labels }]) => [
    name,
    role,
    renderLabels(labels),
    states.get(name) ?? (live === undefined ? "unknown" : "not in the swarm"),
    sshOf(name),
  ]);
  const running = new Map(live?.services.map((service) => [service.name, service]));
  const services = Object.values(outputs.services)
    .flat()
    .map((name) => {
      const found = running.get(name);
      const counts = found === undefined ? "?" : `${found.running}/${found.wanted}`;
      return [name, counts, found?.nodes.join(", ") ?? ""];
    });
  return [
    "",
    ...renderTable(["NODE", "ROLE", "LABELS", "STATE", "SSH"], nodes),
    "",
    ...renderTable(["SERVICE", "RUNNING", "ON"], services),
    "",
  ];
}

/** `db=true` as `db`, all others as `key=value`. Pure. */
export function renderLabels(labels: { readonly [key: string]: string }): string {
  return Object.entries(labels)
    .map(([key, value]) => (value === "true" ? key : `${key}=${value}`))
    .join(",");
}
