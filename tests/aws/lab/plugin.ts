import { existsSync } from "node:fs";
import { join } from "node:path";
import { npmVersion } from "../../../tools/setup/versions";

/** Why the laboratory cannot run; undefined when it can. */
export function awsPluginProblem(): string | undefined {
  const home = process.env.SWARMYARD_PULUMI_HOME;
  if (home === undefined) return "SWARMYARD_PULUMI_HOME is not set; run npm run test:aws";
  const folder = join(home, "plugins", `resource-aws-v${npmVersion("aws")}`);
  return existsSync(folder) ? undefined : `there is no AWS plugin in ${home}`;
}
