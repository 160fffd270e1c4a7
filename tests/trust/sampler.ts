import { appendFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes down, until it is killed, what any process of this machine (those in the hosts are among
 * them) has on its command line and in its environment, and what lies in a folder of temporary
 * files: one JSON text a line, each once.
 *
 * node --import tsx sampler.ts <output> <folder>
 */
const [output = "", folder = ""] = process.argv.slice(2);
const seen = new Set<string>();

function note(place: string, text: string): void {
  const line = JSON.stringify([place, text]);
  if (text === "" || seen.has(line)) return;
  seen.add(line);
  appendFileSync(output, `${line}\n`);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has ended, or is gone.
    return "";
  }
}

function processes(): void {
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
    note(`command line of ${command.slice(0, 60)}`, command);
    note(`environment of ${command.slice(0, 200)}`, read(`/proc/${pid}/environ`));
  }
}

function files(): void {
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && statSync(path).size < 1_000_000) note(`file ${path}`, read(path));
    }
  } catch {
    // Something went while it was listed.
  }
}

setInterval(() => {
  processes();
  files();
}, 20);
