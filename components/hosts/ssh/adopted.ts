import type { Environment } from "../../config/environment/environment";
import type { Complaint } from "../../engine/machine/complaint";
import { UNNAMED_SWARM } from "../../engine/machine/membership";

/** A machine and the id of the swarm that it was in before the environment; empty for none. */
export interface Member {
  readonly name: string;
  readonly swarm: string;
}

/** Names of all nodes, where the environment takes a swarm over; undefined where it makes its own. Pure. */
export function adoptsOf({
  hosts,
  swarm,
}: Pick<Environment, "hosts" | "swarm">): readonly string[] | undefined {
  return swarm.adopt === true ? hosts.map(({ name }) => name).sort() : undefined;
}

/** The same complaint of several machines, such as managers of one swarm, is said of the first one. Pure. */
export function onlyOnce(
  complaints: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const said = new Set<string>();
  return complaints.map((texts) =>
    texts.filter((text) => {
      const isShared = text.startsWith("its swarm has nodes");
      const isNew = !isShared || !said.has(text);
      said.add(text);
      return isNew;
    }),
  );
}

/**
 * Why the swarms that machines were in cannot be taken over as one. Machines in no swarm join it. Pure.
 *
 * @param members machines that could be asked
 */
export function swarmProblem(
  firstManager: string,
  members: readonly Member[],
): Complaint | undefined {
  const inside = members.filter(({ swarm }) => swarm !== "");
  const swarms = new Map<string, string[]>();
  for (const { name, swarm } of inside) {
    if (swarm !== UNNAMED_SWARM) swarms.set(swarm, [...(swarms.get(swarm) ?? []), name]);
  }
  if (swarms.size > 1) {
    const each = [...swarms].map(([id, names]) => `${names.join(", ")} in ${id}`);
    const fix = "an environment for each swarm, or take the machines of one out of it first";
    return { found: `machines are in different swarms: ${each.join("; ")}`, fix };
  }
  if (members.length > 0 && inside.length === 0) {
    const found = "no machine is in a swarm, so there is nothing to take over";
    return { found, fix: "remove `adopt: true` to make a new swarm" };
  }
  if (inside.length === 0 || inside.some(({ name }) => name === firstManager)) return undefined;
  const found = `firstManager is ${firstManager}, which is not in the swarm of ${inside.map(({ name }) => name).join(", ")}`;
  return { found, fix: "`firstManager` as one of its managers" };
}
