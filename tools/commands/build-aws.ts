import type { Arguments } from "../arguments";
import { buildAwsPlugin } from "../setup/airgap";
import { foldersOf } from "../setup/folders";
import type { Progress } from "../setup/progress";

/** Builds the Pulumi plugin for AWS from Go modules, for where it cannot be downloaded. */
export async function buildAws(_: Arguments, progress: Progress): Promise<void> {
  const plugin = await buildAwsPlugin(progress, foldersOf(process.env).cache);
  progress.line(`The plugin for AWS is built: ${plugin}`);
}
