import type { Verdict } from "../../components/observe/judge";
import type { SwarmView } from "../../components/observe/swarm";
import type { Outputs } from "./outputs";
import type { Seen } from "./running";

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
 * @param seen undefined when no manager could be asked
 * @param sshOf the command that opens a shell on a node; undefined where there are no keys for it
 */
export function renderEnvironment(
  outputs: Outputs,
  seen: Pick<Seen, "view" | "verdicts"> | undefined,
  sshOf: ((node: string) => string) | undefined,
): readonly string[] {
  const nodes = Object.entries(outputs.nodes).map(([name, { role, labels }]) => [
    name,
    role,
    renderLabels(labels),
    seen === undefined ? "unknown" : nodeState(name, seen.view),
    ...(sshOf === undefined ? [] : [sshOf(name)]),
  ]);
  const head = ["NODE", "ROLE", "LABELS", "STATE", ...(sshOf === undefined ? [] : ["SSH"])];
  const services = Object.values(outputs.services)
    .flat()
    .map((name) => serviceRow(name, seen));
  return [
    "",
    ...renderTable(head, nodes),
    "",
    ...machineTable(outputs),
    ...renderTable(["SERVICE", "RUNNING", "ON", ""], services),
    "",
  ];
}

/** What existing machines are; nothing without any. */
function machineTable({ nodes }: Outputs): readonly string[] {
  const rows = Object.entries(nodes).flatMap(([name, { machine }]) => {
    if (machine === undefined) return [];
    const { system, architecture, cores, memory, disk, addresses, gpus } = machine;
    const size = [String(cores), memory, disk, gpus.length === 0 ? "" : String(gpus.length)];
    return [[name, `${system} ${architecture}`, ...size, addresses.join(", ")]];
  });
  const head = ["MACHINE", "SYSTEM", "CORES", "MEMORY", "DISK", "GPUS", "ADDRESSES"];
  return rows.length === 0 ? [] : [...renderTable(head, rows), ""];
}

/** For example `ready` or `ready, drain`. */
function nodeState(name: string, { nodes }: SwarmView): string {
  const here = nodes.filter(({ hostname }) => hostname === name);
  // One that joined again left an entry that is down.
  const node = here.find(({ state }) => state === "ready") ?? here[0];
  if (node === undefined) return "not in the swarm";
  const { state = "unknown", availability = "active" } = node;
  return availability === "active" ? state : `${state}, ${availability}`;
}

function serviceRow(name: string, seen: Pick<Seen, "view" | "verdicts"> | undefined): string[] {
  const verdict = seen?.verdicts.get(name);
  if (seen === undefined || verdict === undefined) return [name, "?"];
  const { nodes, tasks } = seen.view;
  const good = tasks.filter(({ ID }) => verdict.good.includes(ID));
  const ids = new Set(good.map(({ NodeID }) => NodeID));
  const hosts = nodes.filter(({ id }) => ids.has(id)).map(({ hostname }) => hostname);
  return [name, countOf(verdict), hosts.sort().join(", "), firstLine(verdict.reasons)];
}

function countOf({ job, state, good, wanted }: Verdict): string {
  if (job && state === "steady") return "done";
  return `${good.length}/${wanted}${job ? " done" : ""}`;
}

function firstLine([reason = ""]: readonly string[]): string {
  return reason.split("\n")[0] ?? "";
}

/** `db=true` as `db`, all others as `key=value`. Pure. */
export function renderLabels(labels: { readonly [key: string]: string }): string {
  return Object.entries(labels)
    .map(([key, value]) => (value === "true" ? key : `${key}=${value}`))
    .join(",");
}
