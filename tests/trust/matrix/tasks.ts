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
  // Newest first. A job that is changed runs once more and keeps what it did before.
  const newest = new Map(tasks.toReversed().map((task) => [task.Name, task.ID]));
  const counts = ({ ID, Name, CurrentState, DesiredState }: Row) =>
    CurrentState.startsWith("Complete")
      ? newest.get(Name) === ID
      : DesiredState === "Running" && CurrentState.startsWith("Running");
  return Object.fromEntries(
    services.map((service) => [
      service,
      tasks
        .filter((task) => serviceOf(task) === service && counts(task))
        .map(({ ID }) => ID)
        .sort(),
    ]),
  );
}

/** A task is named `<service>.<slot or node>`. */
function serviceOf({ Name }: Row): string {
  return Name.slice(0, Name.lastIndexOf("."));
}
