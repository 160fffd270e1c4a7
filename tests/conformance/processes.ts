import { readdirSync, readFileSync } from "node:fs";

/** Whether a process is there and is not only waiting to be collected. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.state;
  return state !== undefined && state !== "Z";
}

/** The processes below one, however deep, by the name of their program (its first 15 characters). */
export function descendants(pid: number): readonly { pid: number; name: string }[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), ...statOf(Number(name)) }));
  const found: { pid: number; name: string }[] = [];
  for (let above = [pid]; above.length > 0; ) {
    const below = all.filter((one) => one.parent !== undefined && above.includes(one.parent));
    found.push(...below.map((one) => ({ pid: one.pid, name: one.name ?? "" })));
    above = below.map((one) => one.pid);
  }
  return found;
}

/** The command line of a process, or nothing when there is none. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

function statOf(pid: number): { name: string; state: string; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const rest = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    return { name, state: rest[0] ?? "", parent: Number(rest[1]) };
  } catch {
    return undefined;
  }
}

/** Waits until something is so. */
export async function eventually(
  what: string,
  seconds: number,
  holds: () => boolean,
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !holds(); ) {
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${seconds} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
