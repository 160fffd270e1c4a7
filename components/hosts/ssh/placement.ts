import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../config/environment/environment";
import { describeNodes } from "../../config/preflight/known-nodes";
import type { MachineFacts } from "../../engine/machine/facts";
import { explainFit, findFit, type NodeDescription } from "../../model/placement/constraints";
import type { ServicePlan } from "../../model/platform/plan";
import { parseBytes } from "../../model/quantities";

/** Facts of existing machines, by the names of their nodes. */
export type FactsByNode = ReadonlyMap<string, MachineFacts>;

/** The nodes of an environment, with what existing machines said about themselves. Pure. */
export function nodesWithFacts(
  environment: Environment,
  facts: FactsByNode,
): readonly NodeDescription[] {
  return describeNodes(environment).map((node) => {
    const known = facts.get(node.hostname);
    if (known === undefined) return node;
    const { architecture, cpus, memory } = known;
    return {
      ...node,
      platform: { os: "linux", architecture },
      resources: { ...node.resources, cpus, memoryBytes: memory },
    };
  });
}

/**
 * Services that no node can run now that the machines are known: their architecture, cores and
 * memory. One text for each. Pure.
 */
export function unplaceable(environment: Environment, facts: FactsByNode): readonly string[] {
  const nodes = nodesWithFacts(environment, facts);
  return environment.platforms.flatMap(({ name, plan }) =>
    Object.entries(plan.services).flatMap(([key, service]) => {
      if (service.replicas === 0) return [];
      const fit = findFit(demandOf(service), nodes);
      if (fit.fitting.length > 0) return [];
      const why = explainFit(fit).map((line) => `\n  ${line}`);
      return [`platforms/${name}: services.${key} fits on no node:${why.join("")}`];
    }),
  );
}

function demandOf({ placement = {}, resources }: ServicePlan) {
  const { cpus, memory, generic } = resources?.reservations ?? {};
  return {
    constraints: placement.constraints ?? [],
    platforms: placement.platforms ?? [],
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memoryBytes: parseBytes(memory) }),
    ...(generic === undefined ? {} : { generic }),
  };
}

/** @throws pulumi.RunError when a service fits on no node */
export function checkFacts(environment: Environment, facts: FactsByNode): void {
  const texts = unplaceable(environment, facts);
  if (texts.length === 0) return;
  const fix = "fix: lower `resources.reservations`, change `placement`, or add a machine";
  throw new pulumi.RunError([...texts, fix].join("\n"));
}
