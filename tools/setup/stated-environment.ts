import type { Environment } from "../../components/config/environment/environment";
import { environmentPath } from "../../components/config/file/find";
import { lazily } from "../../components/runtime/lazily";
import { Failure } from "./failure";
import { root } from "./folders";

/**
 * What an environment's file says. The reader is loaded only now: most commands need none of it.
 *
 * @throws Failure when the file has problems
 */
export async function statedEnvironment(stack: string): Promise<Environment> {
  const { readEnvironmentFile } = await lazily(
    () => import("../../components/config/file/environment-file.js"),
    () => require("../../components/config/file/environment-file"),
  );
  const { environment } = readEnvironmentFile(environmentPath(root, stack));
  if (environment !== undefined) return environment;
  throw new Failure(
    `Pulumi.${stack}.yaml has problems.`,
    `To see them, run: npm run preview -- -s ${stack}`,
  );
}
