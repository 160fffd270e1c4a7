import { must } from "./processes";

/** A task that runs. */
export interface RunningTask {
  readonly id: string;
  /** Value of the variable that all services have. */
  readonly version: string;
  readonly service: string;
}

/** Running tasks that are meant to run, read from a manager's Docker engine inside its container. */
export async function runningTasks(manager: string): Promise<readonly RunningTask[]> {
  const filters = encodeURIComponent(JSON.stringify({ "desired-state": ["running"] }));
  const url = `http://docker/tasks?filters=${filters}`;
  const socket = ["--silent", "--fail", "--unix-socket", "/var/run/docker.sock"];
  const args = ["exec", manager, "curl", ...socket, url];
  return parseTasks(await must("Listing tasks", { command: "docker", args }));
}

interface ListedTask {
  readonly ID: string;
  readonly ServiceID: string;
  readonly Status?: { readonly State?: string };
  readonly Spec?: { readonly ContainerSpec?: { readonly Env?: readonly string[] } };
}

/** Reads the Docker engine's answer. Pure. */
export function parseTasks(text: string): readonly RunningTask[] {
  return (JSON.parse(text) as ListedTask[])
    .filter(({ Status }) => Status?.State === "running")
    .map(({ ID, ServiceID, Spec }) => ({
      id: ID,
      service: ServiceID,
      version: versionOf(Spec?.ContainerSpec?.Env ?? []),
    }));
}

function versionOf(env: readonly string[]): string {
  const found = env.find((entry) => entry.startsWith("VERSION="));
  return found?.slice("VERSION=".length) ?? "";
}

/** How many tasks that ran before no longer run: what was restarted. Pure. */
export function replaced(before: readonly RunningTask[], after: readonly RunningTask[]): number {
  const now = new Set(after.map(({ id }) => id));
  return before.filter(({ id }) => !now.has(id)).length;
}

/** What is wrong after a step, undefined when everything runs as requested. Pure. */
export function shortfall(
  tasks: readonly RunningTask[],
  wanted: { readonly services: number; readonly replicas: number; readonly version: string },
): string | undefined {
  const count = wanted.services * wanted.replicas;
  if (tasks.length !== count) return `${tasks.length} tasks run, not ${count}`;
  const old = tasks.filter(({ version }) => version !== wanted.version).length;
  return old === 0 ? undefined : `${old} tasks run with another version than ${wanted.version}`;
}
