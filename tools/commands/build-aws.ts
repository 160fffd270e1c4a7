import { join } from "node:path";
import { buildAwsPlugin } from "../airgap/aws";
import type { Arguments } from "../arguments";
import { foldersOf } from "../setup/folders";
import { interruption } from "../setup/interruption";
import type { Progress } from "../setup/progress";

/** Builds the Pulumi plugin for AWS from Go modules, for where it cannot be downloaded. */
export async function buildAws(_: Arguments, progress: Progress): Promise<void> {
  const cacheDir = join(foldersOf(process.env).cache, "engine");
  const log = (line: string) => progress.line(line);
  const plugin = await buildAwsPlugin({ cacheDir, log, signal: interruption.signal });
  progress.line(`The plugin for AWS is there: ${plugin}`);
}
