import { printable } from "../../components/model/printable";
import { isSecretName } from "../../components/model/secret-names";
import type { FoundPlatform } from "./platforms";

/** What looks like a secret and is written in clear into files that git takes. A line for each service. Pure. */
export function inClear(platforms: readonly FoundPlatform[]): readonly string[] {
  return platforms.flatMap(({ name: platform, spec }) =>
    Object.entries(spec.services).flatMap(([service, { env = {}, logging }]) => {
      const variables = Object.keys(env).filter((name) => isSecretName(name) && env[name]);
      const options = Object.keys(logging?.options ?? {}).filter(isSecretName);
      const names = [...variables, ...options];
      if (names.length === 0) return [];
      return [
        `platforms/${platform}: services.${service} has ${names.join(", ")} in clear, as the swarm does: keep the file out of git, or make them secrets, which restarts its tasks`,
      ];
    }),
  );
}

/** A note as one line of text: nodes, and whoever may deploy, choose the names in it. Pure. */
export function noteLine(note: string): string {
  return `note: ${printable(note).replaceAll("\n", " ")}`;
}
