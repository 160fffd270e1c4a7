import { valueAt } from "../../model/merge";
import type { Problem } from "../../model/problem";
import { repositoryPath } from "../environment/repositories";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";

type Kind = "networks" | "volumes" | "secrets" | "configs" | "services";

/**
 * The longest real names; those of secrets and configs get `-<12 hex digits>` behind them, of 64.
 * Services are left to their own check.
 */
const longest: { readonly [kind in Kind]: number } = {
  networks: 63,
  volumes: 255,
  secrets: 51,
  configs: 51,
  services: Number.POSITIVE_INFINITY,
};

/** Two things of one kind with the same real name, names that are too long, and images of one repository. */
export const checkNames: Check = ({ drafts }) => [
  ...(Object.keys(longest) as Kind[]).flatMap((kind) => checkKind(kind, drafts)),
  ...repositories(drafts),
];

/** Repositories have lower case and dashes only, so that two keys can become one. */
function repositories(drafts: readonly Draft[]): readonly Problem[] {
  const seen = new Map<string, string>();
  return drafts.flatMap((draft) =>
    Object.keys(draft.plan.images).flatMap((key) => {
      const repository = repositoryPath(draft.name, key);
      const first = seen.get(repository);
      seen.set(repository, first ?? `images.${key} of platform ${draft.name}`);
      if (first === undefined) return [];
      const found = `an image in the repository ${repository}, where ${first} is already`;
      const allowed = "keys that differ by more than capital letters, dashes, underscores and dots";
      return [platformProblem(draft, ["images", key], { found, allowed, fix: "another key" })];
    }),
  );
}

function checkKind(kind: Kind, drafts: readonly Draft[]): readonly Problem[] {
  const seen = new Map<string, string>();
  return drafts.flatMap((draft) =>
    made(kind, draft).flatMap(({ key, name, keys }) => {
      const problems: Problem[] = [];
      const owner = `${kind}.${key} of platform ${draft.name}`;
      const first = seen.get(name);
      if (first !== undefined) {
        const found = `the real name "${name}", which ${first} has already`;
        const about = {
          found,
          allowed: "a name that is unique for its kind",
          fix: "another name",
        };
        problems.push(platformProblem(draft, keys, about));
      }
      seen.set(name, first ?? owner);
      if (name.length > longest[kind]) {
        const found = `the real name "${name}", which has ${name.length} letters`;
        const about = { found, allowed: `at most ${longest[kind]}`, fix: "a shorter name" };
        problems.push(platformProblem(draft, keys, about));
      }
      return problems;
    }),
  );
}

/** The objects of a kind that the platform creates; existing ones that it only uses are left out. */
function made(kind: Kind, { plan, spec }: Draft) {
  const things: { readonly [key: string]: { readonly kind?: string; readonly name: string } } =
    plan[kind];
  return Object.entries(things).flatMap(([key, thing]) => {
    if (thing.kind === "external") return [];
    const named = valueAt(spec, [kind, key, "name"]) !== undefined;
    return [{ key, name: thing.name, keys: named ? [kind, key, "name"] : [kind, key] }];
  });
}
