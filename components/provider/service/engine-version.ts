import type { SwarmAccess } from "../../engine/access";
import { tooNew } from "../../model/fields/field";
import { propertyPath } from "../../model/paths";
import { type ServiceInputs, serviceFields } from "../../model/service/inputs";

/** @throws when a field is used that the managers' Docker engine would drop without a word */
export async function requireEngine(inputs: ServiceInputs, context: SwarmAccess): Promise<void> {
  if (tooNew(serviceFields, inputs, 0).length === 0) return;
  const { ApiVersion, Version } = await (await context.manager()).version();
  const newer = tooNew(serviceFields, inputs, Number(ApiVersion.split(".")[1]));
  const problems = newer.map(
    ({ keys, since }) =>
      `${propertyPath(keys)} needs Docker engine ${since.engine} or newer, and the manager has ${Version}: leave it out, or upgrade the Docker engines`,
  );
  if (problems.length > 0) throw new Error(problems.join("; "));
}
