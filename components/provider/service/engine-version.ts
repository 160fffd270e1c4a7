import type { SwarmAccess } from "../../engine/access";
import type { LiveNode } from "../../engine/live";
import { type Since, tooNew } from "../../model/fields/field";
import { propertyPath } from "../../model/paths";
import { findFit } from "../../model/placement/constraints";
import { type ServiceInputs, serviceFields } from "../../model/service/inputs";
import { describeNode } from "../../observe/swarm";

/**
 * Refuses fields that Docker engines would drop without a word: the managers', which keep the service,
 * and those of the nodes that its tasks may run on.
 *
 * @throws with the names of the fields
 */
export async function requireEngine(inputs: ServiceInputs, context: SwarmAccess): Promise<void> {
  const asked = tooNew(serviceFields, inputs, 0);
  if (asked.length === 0) return;
  const manager = await context.manager();
  const { ApiVersion, Version } = await manager.version();
  const api = Number(ApiVersion.split(".")[1]);
  const problems = asked
    .filter(({ since }) => since.api > api)
    .map(
      ({ keys, since }) =>
        `${needs(keys, since)}, and the manager has ${Version}: leave it out, or upgrade the Docker engines`,
    );
  if (problems.length > 0) throw new Error(problems.join("; "));
  const nodes = nodesOf(await manager.nodes.list(), inputs);
  const older = asked.flatMap(({ keys, since }) => {
    const [first] = nodes.filter(({ version }) => majorOf(version) < majorOf(since.engine));
    return first === undefined
      ? []
      : [
          `${needs(keys, since)}, and the node ${first.name} has ${first.version}: leave it out, ` +
            "upgrade that Docker engine, or keep the service off the node with a constraint",
        ];
  });
  if (older.length > 0) throw new Error(older.join("; "));
}

function needs(keys: readonly string[], { engine }: Since): string {
  return `${propertyPath(keys)} needs Docker engine ${engine} or newer`;
}

/** Nodes that tasks of the service may run on, with the version of their Docker engine. */
function nodesOf(
  nodes: readonly LiveNode[],
  { placement }: ServiceInputs,
): readonly { readonly name: string; readonly version: string }[] {
  const { constraints = [] } = placement ?? {};
  const fitting = findFit({ constraints }, nodes.map(describeNode)).fitting.map(({ id }) => id);
  return nodes.flatMap(({ ID, Description }) => {
    const version = Description.Engine?.EngineVersion;
    if (version === undefined || !fitting.includes(ID)) return [];
    return [{ name: Description.Hostname, version }];
  });
}

/** The first number of a version such as `20.10.24`, in the form of {@link Since}. */
function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
