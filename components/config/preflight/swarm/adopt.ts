import { fileProblem, type Problem } from "../../../model/problem";
import type { Check, Flight } from "../flight";

/** A swarm that is taken over: only existing machines bring one along, and it outlives the environment. */
export const checkAdopt: Check = (flight) => {
  const { adopt = false, dissolve = false } = flight.environment.swarm;
  if (adopt) return [...machines(flight), ...meshed(flight), ...(dissolve ? [] : purged(flight))];
  if (!dissolve) return [];
  const found = "`dissolve: true` without `adopt: true`";
  const allowed = "`dissolve` only for a swarm that is taken over; any other ends with `down`";
  return [fileProblem(["swarm", "dissolve"], { found, allowed, fix: "remove `dissolve`" })];
};

function machines({ environment, known }: Flight): readonly Problem[] {
  if (!known.counts) return [];
  const { hosts, swarm } = environment;
  const existing = hosts.filter(({ kind }) => kind === "ssh");
  if (existing.length === 0) {
    const found = "`adopt: true` without existing machines";
    const allowed = "a group of kind ssh with the machines that are in the swarm";
    const fix = "`npm run adopt -- -s <environment> <address of a manager>` writes one";
    return [fileProblem(["swarm", "adopt"], { found, allowed, fix })];
  }
  const first = hosts.find(({ name }) => name === swarm.firstManager);
  if (first === undefined || first.kind === "ssh") return [];
  const managers = existing.filter(({ role }) => role === "manager").map(({ name }) => name);
  const found = `${first.name} as the first manager, which is not an existing machine`;
  const allowed = "a manager of the swarm that is taken over";
  const fix = `\`firstManager: ${managers[0] ?? "<manager>"}\``;
  return [fileProblem(["swarm", "firstManager"], { found, allowed, fix })];
}

/** Nodes that are in a swarm have told it their addresses. */
function meshed({ environment }: Flight): readonly Problem[] {
  if (environment.swarm.mesh === undefined) return [];
  const found = "a mesh next to `adopt: true`";
  const allowed =
    "a mesh only for a new swarm: nodes cannot change the addresses that they joined with";
  return [fileProblem(["swarm", "mesh"], { found, allowed, fix: "remove `mesh`" })];
}

/** A machine that stays in its swarm keeps its Docker engine. */
function purged({ settings, environment }: Flight): readonly Problem[] {
  return Object.entries(settings.hosts.groups).flatMap(([name, { purge }]) => {
    if (purge !== true || environment.groups[name]?.kind !== "ssh") return [];
    const found = "`purge: true` next to `swarmyard:swarm.adopt`";
    const allowed = "machines that keep their Docker engine, since they stay in their swarm";
    const fix = "remove `purge`, or `dissolve: true` in swarmyard:swarm";
    return [fileProblem(["hosts", "groups", name, "purge"], { found, allowed, fix })];
  });
}
