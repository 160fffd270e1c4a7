import type { Yard } from "../../e2e/yard";

/** Ids of the tasks that run or have done their job, by service. */
export interface Snapshot {
  readonly [service: string]: readonly string[];
}

interface Row {
  readonly ID: string;
  readonly Name: string;
  readonly CurrentState: string;
  readonly DesiredState: string;
}

/** All tasks of the swarm that are as they should be. */
export async function snapshotOf(yard: Yard): Promise<Snapshot> {
  const services = (await yard.docker("service", "ls", "--format", "{{.Name}}")).trim().split("\n");
  const rows = await yard.docker(
    "service",
    "ps",
    "--no-trunc",
    "--format",
    "{{json .}}",
    ...services,
  );
  const tasks = rows
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row) as Row);
  return Object.fromEntries(
    services.map((service) => [
      service,
      tasks
        .filter((task) => isOf(task, service))
        .map(({ ID }) => ID)
        .sort(),
    ]),
  );
}

/**
 * A task is named `<service>.<slot or node>`; the name of an older one has a mark before it. Of a job
 * only the newest count: a job that is changed runs once more and keeps what it did before.
 */
function isOf({ Name, CurrentState, DesiredState }: Row, service: string): boolean {
  const name = Name.replace(/^\W+/, "");
  const own = name.slice(0, name.lastIndexOf(".")) === service;
  const runs = DesiredState === "Running" && CurrentState.startsWith("Running");
  return own && (runs || (name === Name && CurrentState.startsWith("Complete")));
}
