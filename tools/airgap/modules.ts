import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { goEnvironment } from "./parts";

/**
 * Fetches a Go module.
 *
 * @param module Its path and version, as `example.org/module@v1.0.0`.
 * @param sum The checksum that it has to have.
 * @returns the folder that holds it
 */
export async function moduleFolder(
  module: string,
  sum: string,
  signal: AbortSignal,
): Promise<string> {
  const run = promisify(execFile);
  // Outside any module, so that no go.mod of this machine interferes.
  const env = { ...process.env, ...goEnvironment, GOFLAGS: "" };
  const options = { cwd: tmpdir(), env, signal, maxBuffer: 1 << 24 };
  const { stdout } = await run("go", ["mod", "download", "-json", module], options);
  const { Dir, Sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
  if (Sum !== sum) {
    throw new Error(`${module} has the checksum ${Sum}, versions.json names ${sum}`);
  }
  return Dir;
}
