import { readdirSync, readFileSync } from "node:fs";

/** One process, as `/proc/<pid>/stat` tells. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Resident memory in pages. */
  readonly pages: number;
  /** Clock ticks of children that ended and were waited for. */
  readonly childTicks: number;
}

/** Reads a line of `/proc/<pid>/stat`. Pure. */
export function parseStat(line: string): ProcessStat | undefined {
  // The name in parentheses may hold spaces; what follows it begins with field 3.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const pid = Number.parseInt(line, 10);
  if (Number.isNaN(pid) || fields.length < 22) return undefined;
  return { pid, parent: field(4), pages: field(24), childTicks: field(16) + field(17) };
}

/** A process and all that descend from it. Pure. */
export function treeOf(root: number, all: readonly ProcessStat[]): readonly ProcessStat[] {
  const children = new Map<number, ProcessStat[]>();
  for (const process of all) {
    children.set(process.parent, [...(children.get(process.parent) ?? []), process]);
  }
  const found = all.filter(({ pid }) => pid === root);
  for (let index = 0; index < found.length; index += 1) {
    found.push(...(children.get(found[index]?.pid ?? -1) ?? []));
  }
  return found;
}

/** All processes of this machine; none where there is no /proc. */
export function listProcesses(): readonly ProcessStat[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readStat(name) ?? []);
  } catch {
    return [];
  }
}

/** One process; undefined when it has ended. */
export function readStat(pid: string): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}
