import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { linkAwsPlugin } from "./airgap";
import { capture } from "./processes";
import type { Progress } from "./progress";
import type { Pulumi } from "./pulumi";
import { npmVersion } from "./versions";

/**
 * Makes sure that the AWS plugin is installed: the official one, or the one that an earlier `npm
 * run build:aws` built. It builds nothing.
 *
 * @returns why there is none, and a fix; undefined when it is installed
 */
export async function ensureAwsPlugin(
  pulumi: Pulumi,
  progress: Progress,
  cache: string,
): Promise<string | undefined> {
  const version = npmVersion("aws");
  const folder = join(pulumi.home, "plugins", `resource-aws-v${version}`);
  if (existsSync(folder)) return undefined;
  if (pulumi.origin !== "air-gapped" && (await install(pulumi, progress, version))) {
    return undefined;
  }
  if (await linkAwsPlugin(progress, cache, pulumi.home)) return undefined;
  return (
    `The Pulumi plugin for AWS ${version} cannot be downloaded here and has not been built: ` +
    "npm run build:aws builds it from Go modules (about 5 minutes on 2 cores)."
  );
}

async function install(pulumi: Pulumi, progress: Progress, version: string): Promise<boolean> {
  const env = {
    ...process.env,
    PULUMI_HOME: pulumi.home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: `${dirname(pulumi.command)}:${process.env.PATH ?? ""}`,
  };
  const { status } = await progress.during("downloading the plugin for AWS", () =>
    capture(pulumi.command, ["plugin", "install", "resource", "aws", version], {
      env,
      timeoutMs: 900_000,
    }),
  );
  return status === 0;
}
