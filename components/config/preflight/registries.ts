import { fileProblem, type Problem } from "../../model/problem";
import { registryProblem } from "../environment/registries";
import type { Check, Flight } from "./flight";
import { setSecret } from "./missing-secret";

/** Whether hosts can pull the images that are pushed, and whether every login has its password. */
export const checkRegistries: Check = (flight) => [...misfit(flight), ...logins(flight)];

function misfit({ environment, drafts, known, settings }: Flight): readonly Problem[] {
  const kinds = [...new Set(environment.hosts.map((host) => host.kind))];
  if (!known.labels || kinds.length === 0) return [];
  const wrong = registryProblem(settings.registry, kinds, environment.share.kind);
  if (wrong !== undefined) return [fileProblem(["registry"], wrong)];
  const building = drafts.filter(({ plan }) => Object.keys(plan.images).length > 0);
  if (environment.registry.kind !== "none" || building.length === 0) return [];
  const found = `none, but images are built for ${building.map(({ name }) => name).join(", ")}`;
  const allowed = "a registry that every host can reach";
  return [
    fileProblem(["registry"], {
      found,
      allowed,
      fix: "`registry: { kind: existing, address: ghcr.io/my-team }`",
    }),
  ];
}

function logins(flight: Flight): readonly Problem[] {
  const { environment, plainKeys, world } = flight;
  const { hasSecret } = world;
  return Object.entries(environment.registries).flatMap(([host, { password }]) => {
    if (hasSecret === undefined || hasSecret(password)) return [];
    const found = plainKeys.includes(password)
      ? `"${password}", whose value in Pulumi config is not encrypted`
      : `"${password}", which is not in Pulumi config`;
    const fix = setSecret(password, flight);
    return [
      fileProblem(["registries", host, "password"], {
        found,
        allowed: "the name of a secret of the environment",
        fix,
      }),
    ];
  });
}
