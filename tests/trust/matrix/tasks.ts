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
  const runs = await runsOf(
    yard,
    tasks.filter(isDone).map(({ ID }) => ID),
  );
  const last = (service: string) =>
    Math.max(...tasks.filter((task) => serviceOf(task) === service).map(({ ID }) => runs[ID] ?? 0));
  // A job that is changed runs once more and keeps what it did before.
  const counts = (task: Row) =>
    isDone(task)
      ? runs[task.ID] === last(serviceOf(task))
      : task.DesiredState === "Running" && task.CurrentState.startsWith("Running");
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

function isDone({ CurrentState }: Row): boolean {
  return CurrentState.startsWith("Complete");
}

/** Which run of its job each task is of. */
async function runsOf(
  yard: Yard,
  ids: readonly string[],
): Promise<{ readonly [id: string]: number }> {
  if (ids.length === 0) return {};
  const format = "{{.ID}} {{json .JobIteration}}";
  const lines = (await yard.docker("inspect", "--type", "task", "--format", format, ...ids)).trim();
  return Object.fromEntries(
    lines.split("\n").map((line) => {
      const [id = "", run = "null"] = line.split(" ");
      return [id, (JSON.parse(run) as { Index?: number } | null)?.Index ?? 0];
    }),
  );
}

/** A task is named `<service>.<slot or node>`. */
function serviceOf({ Name }: Row): string {
  return Name.slice(0, Name.lastIndexOf("."));
}
