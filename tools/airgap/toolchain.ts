import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

/** The first Go that fetches a newer toolchain on its own. */
const selfUpdating = "1.21";

/** Compares two versions of Go such as `1.26` and `go1.22.4`; below zero when `a` is older. */
export function compareGo(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)];
  return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0);
}

function numbers(version: string): number[] {
  return version.replace(/^go/, "").split(".").map(Number.parseFloat);
}

/**
 * Says in one sentence why the found Go cannot build the Pulumi engine, or nothing when it can.
 * A Go that fetches newer toolchains will do, unless its `GOTOOLCHAIN` forbids that.
 */
export function goProblem(found: string, toolchain: string, needed: string): string | undefined {
  if (compareGo(found, needed) >= 0) {
    return undefined;
  }
  const shown = found.replace(/^go/, "");
  if (compareGo(found, selfUpdating) < 0) {
    return `Go ${shown} is too old to build Pulumi: install Go ${needed} or newer.`;
  }
  if (/^(auto|path)$|\+(auto|path)$/.test(toolchain)) {
    return undefined;
  }
  return (
    `Go ${shown} is too old to build the Pulumi engine and GOTOOLCHAIN=${toolchain} keeps it from ` +
    `fetching a newer one: install Go ${needed} or newer, or set GOTOOLCHAIN=auto.`
  );
}

/** Throws one clear sentence when there is no Go, or one that is too old. */
export async function requireGo(needed: string): Promise<void> {
  let answer: string;
  try {
    const run = promisify(execFile)("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: tmpdir() });
    answer = (await run).stdout;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(
      missing
        ? `Go is not on PATH, and Pulumi cannot be built without it: install Go ${needed} or newer.`
        : `"go env" fails, so Pulumi cannot be built: ${(error as Error).message.trim()}`,
    );
  }
  const [found = "", toolchain = ""] = answer.trim().split("\n");
  const problem = goProblem(found, toolchain, needed);
  if (problem !== undefined) {
    throw new Error(problem);
  }
}
