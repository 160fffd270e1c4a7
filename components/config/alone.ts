import type { PlatformSource } from "../model/platform/source";
import type { Problem } from "../model/problem";
import { defaults } from "./environment/defaults";
import { readPlatforms } from "./platforms/platforms";
import { checkServices } from "./preflight/services";

/**
 * What is wrong with a platform in every environment: what its source says, values that no field takes, and
 * services that no Docker engine would start.
 *
 * @example problemsAlone("shop", readCompose(request))
 */
export function problemsAlone(name: string, source: PlatformSource): readonly Problem[] {
  const { drafts, problems } = readPlatforms({
    environment: "dev",
    stated: { [name]: {} },
    find: () => source,
    folders: [name],
    // No environment is known; nothing of what is checked depends on these.
    defaults,
  });
  return [...problems, ...checkServices({ drafts })].map((problem) => inFile(problem, name));
}

/** The platform has no folder of its own yet; its file is known by the line. */
function inFile(problem: Problem, name: string): Problem {
  const [, file] = /^(.*):\d+:\d+$/.exec(problem.line ?? "") ?? [];
  const before = `platforms/${name}: `;
  if (file === undefined || !problem.path.startsWith(before)) return problem;
  return { ...problem, path: `${file}: ${problem.path.slice(before.length)}` };
}
