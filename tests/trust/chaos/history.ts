import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { URN_LABEL } from "../../../components/model/ownership";
import type { Yard } from "../../e2e/yard";
import { allTasks, hostsOf, lines, on, swarm } from "./chaos-yard";

/** How long a swarm may take to be whole again once a fault is repaired. */
const RECOVERY_MS = 120_000;

/** What is to be seen of the swarm from outside. */
interface Sight {
  /** Nodes that are not ready, and managers that are not reachable. */
  readonly ailing: readonly string[];
  /** Tasks of all services that should run and do. */
  readonly tasks: readonly string[];
  /** Tasks whose containers run on the hosts. */
  readonly containers: readonly string[];
}

/**
 * Expects that nothing is left of a fault: every node is ready, every task runs once and no other
 * does, every secret and config of the state exists and no other does, and each object has its owner.
 */
export async function expectSound(yard: Yard): Promise<void> {
  let seen = look(yard);
  for (const end = Date.now() + RECOVERY_MS; !isWhole(seen) && Date.now() < end; ) {
    await sleep(1_000);
    seen = look(yard);
  }
  expect(seen.ailing).toEqual([]);
  expect(seen.tasks).toHaveLength(allTasks);
  expect(seen.containers).toEqual(seen.tasks);
  expectOwned(yard);
}

function isWhole({ ailing, tasks, containers }: Sight): boolean {
  const same = JSON.stringify(tasks) === JSON.stringify(containers);
  return ailing.length === 0 && tasks.length === allTasks && same;
}

function look(yard: Yard): Sight {
  try {
    return { ailing: ailing(yard), tasks: tasks(yard), containers: containers(yard) };
  } catch (error) {
    return { ailing: [String(error)], tasks: [], containers: [] };
  }
}

function ailing(yard: Yard): readonly string[] {
  const format = "{{.Hostname}} {{.Status}} {{.ManagerStatus}}";
  return lines(swarm(yard, "node", "ls", "--format", format)).filter(
    (line) => !/ Ready (|Leader|Reachable)$/.test(line),
  );
}

function tasks(yard: Yard): readonly string[] {
  const format = "{{.ID}} {{.CurrentState}}";
  const filter = ["--no-trunc", "--filter", "desired-state=running", "--format", format];
  return lines(swarm(yard, "service", "ps", ...filter, "trial_web", "trial_side"))
    .filter((line) => line.split(" ")[1] === "Running")
    .map((line) => line.split(" ")[0] ?? "")
    .sort();
}

function containers(yard: Yard): readonly string[] {
  const label = "com.docker.swarm.task.id";
  const format = ["--filter", `label=${label}`, "--format", `{{.Label "${label}"}}`];
  return hostsOf(yard)
    .flatMap((name) => lines(on(yard, name, "docker", "ps", ...format)))
    .sort();
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: { readonly name?: unknown };
}

/** Expects what the state has, and nothing without a resource. */
function expectOwned(yard: Yard): void {
  const resources = yard.exported() as readonly Resource[];
  const urns = new Set(resources.map(({ urn }) => urn));
  for (const kind of ["secret", "config", "service"] as const) {
    const type = `swarm:index:${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    const named = resources.flatMap((one) => (one.type === type ? [`${one.outputs?.name}`] : []));
    const ids = lines(swarm(yard, kind, "ls", "-q"));
    const format = `{{.Spec.Name}} {{index .Spec.Labels "${URN_LABEL}"}}`;
    const found = lines(swarm(yard, kind, "inspect", "--format", format, ...ids));
    expect(found.map((line) => line.split(" ")[0]).sort(), kind).toEqual(named.sort());
    const orphans = found.filter((line) => !urns.has(line.split(" ")[1] ?? ""));
    expect(orphans, kind).toEqual([]);
  }
}
