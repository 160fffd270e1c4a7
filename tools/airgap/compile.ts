import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildArguments, goEnvironment, type Part } from "./parts";

/** How much of what `go` printed an error repeats. */
const keptLines = 15;

/**
 * Builds one part with `go build`.
 *
 * @param root the folder `tools/airgap`
 * @param output the file to write
 * @throws with the last lines that `go` printed, or when `signal` fires
 */
export function compile(
  root: string,
  part: Part,
  output: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = spawn("go", buildArguments(part, output), {
      cwd: join(root, part.module),
      env: { ...process.env, ...goEnvironment },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGINT",
    });
    const printed: string[] = [];
    const keep = (data: Buffer) => {
      printed.push(data.toString());
    };
    go.stdout.on("data", keep);
    go.stderr.on("data", keep);
    go.on("error", reject);
    go.on("close", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`${part.title} could not be built:\n${lastLines(printed.join(""))}`));
      }
    });
  });
}

/** The last lines of a text, without lines that only say that a module was fetched. */
export function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "" && !isDownload(line));
  return lines.slice(-keptLines).join("\n");
}

function isDownload(line: string): boolean {
  return line.startsWith("go: downloading ");
}
