import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";

/**
 * The cache of built programs. A folder in it appears whole or not at all: it is filled in a
 * temporary place and renamed. If two runs make the same folder, the first one wins.
 */
export class Store {
  constructor(private readonly root: string) {}

  /** The path of a folder, whether it exists or not. */
  path(kind: "parts" | "homes", key: string): string {
    return join(this.root, kind, key);
  }

  /** Whether a folder is there. */
  has(kind: "parts" | "homes", key: string): boolean {
    return existsSync(this.path(kind, key));
  }

  /** Makes a folder: `fill` writes into a temporary one, which then takes its place. */
  async add(
    kind: "parts" | "homes",
    key: string,
    fill: (folder: string) => void | Promise<void>,
  ): Promise<string> {
    const target = this.path(kind, key);
    mkdirSync(join(this.root, "tmp"), { recursive: true });
    mkdirSync(join(this.root, kind), { recursive: true });
    const folder = mkdtempSync(join(this.root, "tmp", `${process.pid}-`));
    try {
      await fill(folder);
      renameSync(folder, target);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      const code = (error as NodeJS.ErrnoException).code;
      if ((code !== "ENOTEMPTY" && code !== "EEXIST") || !existsSync(target)) {
        throw error;
      }
    }
    return target;
  }

  /** Removes what ended runs left behind. */
  sweep(): void {
    const temporary = join(this.root, "tmp");
    if (!existsSync(temporary)) {
      return;
    }
    for (const name of readdirSync(temporary)) {
      if (!isAlive(Number.parseInt(name, 10))) {
        rmSync(join(temporary, name), { recursive: true, force: true });
      }
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Puts a second name on a file, or copies it where the file system cannot do that. */
export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
