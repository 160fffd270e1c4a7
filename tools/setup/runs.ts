import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Environment variables that name the run a process belongs to: the command, and the test run around it. */
export const markers = { run: "SWARMYARD_RUN", test: "SWARMYARD_TEST" } as const;

/** A process of a run of ours. */
export interface Marked {
  readonly pid: number;
  /** The runs that started it, each as `<pid>:<start>`. */
  readonly owners: readonly string[];
}

/** The mark of a process: its number and start time, so that a reused number is recognized. */
export function markOf(pid: number): string {
  return `${pid}:${startOf(pid) ?? "?"}`;
}

/** True when the process with this mark still runs. */
export function isAlive(mark: string, start: (pid: number) => string | undefined = startOf) {
  const [pid, began] = mark.split(":");
  const found = start(Number(pid));
  return found !== undefined && (began === "?" || found === began);
}

/** Processes whose run has ended. Pure. */
export function orphansOf(
  processes: readonly Marked[],
  alive: (mark: string) => boolean,
): readonly number[] {
  return processes
    .filter(({ owners }) => owners.length > 0 && !owners.every((owner) => alive(owner)))
    .map(({ pid }) => pid);
}

/** Processes of any run of ours (Linux; elsewhere none are found). */
export function markedProcesses(): readonly Marked[] {
  return processIds()
    .filter((pid) => pid !== process.pid && isOfOurSpace(pid))
    .map((pid) => ({ pid, owners: ownersOf(pid) }))
    .filter(({ owners }) => owners.length > 0);
}

/** Marks hold numbers of processes, which mean others in another container. */
export function isOfOurSpace(pid: number, spaceOf = pidSpace): boolean {
  const ours = spaceOf(process.pid);
  return ours === undefined || spaceOf(pid) === ours;
}

function pidSpace(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    // It ended meanwhile, belongs to somebody else, or this is not Linux.
    return undefined;
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function ownersOf(pid: number): readonly string[] {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return Object.values(markers).flatMap((name) =>
      entries
        .filter((entry) => entry.startsWith(`${name}=`))
        .map((entry) => entry.slice(name.length + 1)),
    );
  } catch {
    // It has ended, or belongs to someone else.
    return [];
  }
}

/** When a process started (clock ticks on Linux, `"?"` elsewhere); undefined when there is none. */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; state and start time are fields 3 and 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return process.platform === "linux" ? undefined : startElsewhere(pid);
  }
}

function startElsewhere(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return "?";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "?" : undefined;
  }
}

/** The environment without our marks, for processes that must outlive the command. */
export function withoutMarks(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [markers.run]: _run, [markers.test]: _test, ...rest } = env;
  return rest;
}

/** Kills processes by number; ended ones are ignored. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  }
}
