import { isMap } from "../../model/merge";
import { listed, suggestion } from "../../model/nearest";
import type { PlatformSpec } from "../../model/platform/spec";
import type { Keys, Problem } from "../../model/problem";
import { openTargets, planOpen } from "../platforms/plan-open";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { PresentService } from "../platforms/present";
import type { Check } from "./flight";

type Section = Exclude<
  keyof PlatformSpec,
  "folder" | "namespace" | "directories" | "creates" | "rollout" | "open"
>;

interface Reference {
  readonly section: Section;
  readonly to: string;
  readonly keys: Keys;
}

/** Keys of volumes, secrets, configs, networks, images and services that do not exist in the platform. */
export const checkReferences: Check = ({ drafts }) =>
  drafts.flatMap((draft) => [
    ...references(draft),
    ...previousProblems(draft),
    ...openProblems(draft),
  ]);

function references(draft: Draft): readonly Problem[] {
  return Object.entries(draft.spec.services).flatMap(([service, spec]) =>
    referencesOf(spec).flatMap(({ section, to, keys }) =>
      missing(draft, section, to, ["services", service, ...keys]),
    ),
  );
}

function missing(draft: Draft, section: Section, to: string, keys: Keys): readonly Problem[] {
  const known = declared(draft, section);
  if (known.includes(to)) return [];
  const found = `${JSON.stringify(to)}, which is not in the platform's \`${section}\``;
  const fix = suggestion(to, known, `\`${to}: …\` in \`${section}\``);
  return [platformProblem(draft, keys, { found, allowed: listed(known), fix })];
}

/** All keys that were written, including those whose invalid value was left out. */
function declared(draft: Draft, section: Section): readonly string[] {
  const written = draft.written[section];
  const keys = [...Object.keys(isMap(written) ? written : {}), ...Object.keys(draft.plan[section])];
  return [...new Set(keys)];
}

function referencesOf(spec: PresentService): readonly Reference[] {
  const found: Reference[] = [];
  const add = (section: Section, to: string, ...keys: Keys) => found.push({ section, to, keys });
  if (typeof spec.image !== "string") add("images", spec.image.build, "image", "build");
  for (const [target, mount] of Object.entries(spec.mounts ?? {})) {
    if (mount.type !== "volume" || mount.source === undefined) continue;
    add("volumes", mount.source, "mounts", target, "source");
  }
  for (const [target, { source }] of Object.entries(spec.secrets ?? {})) {
    add("secrets", source, "secrets", target, "source");
  }
  for (const [target, { source }] of Object.entries(spec.configs ?? {})) {
    add("configs", source, "configs", target, "source");
  }
  for (const key of Object.keys(spec.networks ?? {})) add("networks", key, "networks", key);
  for (const [at, to] of dependenciesIn(spec.dependsOn)) add("services", to, "dependsOn", at);
  return found;
}

/** Each service that one waits for, with its place in the list or map. */
function dependenciesIn(stated: PresentService["dependsOn"] = []): [string | number, string][] {
  if (isMap(stated)) return Object.keys(stated).map((key) => [key, key]);
  return [...stated.entries()];
}

/** Secrets that are the previous value of something that has none. */
function previousProblems(draft: Draft): readonly Problem[] {
  const { secrets } = draft.plan;
  return Object.entries(secrets).flatMap(([key, plan]) => {
    if (plan.kind !== "previous") return [];
    const keys = ["secrets", key, "previous"];
    const unknown = missing(draft, "secrets", plan.previous, keys);
    const of = secrets[plan.previous];
    if (unknown.length > 0 || of === undefined || of.kind === "random") return unknown;
    const found = `"${plan.previous}", which is not a random secret`;
    const allowed = "a secret with `random`, whose values are generated here";
    const random = Object.keys(secrets).find((one) => secrets[one]?.kind === "random");
    const fix =
      random === undefined ? `\`random: 32\` in \`${plan.previous}\`` : `\`previous: ${random}\``;
    return [platformProblem(draft, keys, { found, allowed, fix })];
  });
}

function openProblems(draft: Draft): readonly Problem[] {
  const { open } = draft.spec;
  if (open === undefined) return [];
  const unknown = missing(draft, "services", open.service, ["open", "service"]);
  const service = draft.spec.services[open.service];
  if (unknown.length > 0 || service === undefined) return unknown;
  if (planOpen(draft.spec, undefined) !== undefined) return [];
  const targets = openTargets(service).map(String);
  const { target } = open;
  const found =
    target === undefined
      ? `service ${open.service} without \`target\`; it has no route, and publishes ${targets.length} TCP ports`
      : `${target}, which service ${open.service} does not publish`;
  const fix =
    targets[0] === undefined
      ? "a port with `published`, or a `route` of the service"
      : `\`target: ${targets[0]}\``;
  return [platformProblem(draft, ["open", "target"], { found, allowed: listed(targets), fix })];
}

const sections = ["networks", "volumes", "secrets", "configs"] as const;

/** Something external with the name of a platform of this environment, which does not make it. */
export const warnStrangers: Check = ({ drafts }) =>
  drafts.flatMap((draft) =>
    sections.flatMap((section) =>
      Object.entries(draft.plan[section]).flatMap(([key, thing]): readonly Problem[] => {
        if (thing.kind !== "external" || thing.owner !== undefined) return [];
        const maker = makerOf(thing.name, draft, drafts);
        if (maker === undefined) return [];
        const names = namesMade(maker, section);
        const about = {
          found: `"${thing.name}", which platform ${maker.name} does not make; it has to exist already`,
          allowed: names.length === 0 ? `nothing of platform ${maker.name}` : listed(names),
          fix: suggestion(thing.name, names, `\`${thing.name}\` in platform ${maker.name}`),
        };
        return [platformProblem(draft, [section, key], about)];
      }),
    ),
  );

/** The other platform whose name a real name begins with, the longest one. */
function makerOf(name: string, own: Draft, drafts: readonly Draft[]): Draft | undefined {
  const fitting = drafts.filter((one) => one !== own && name.startsWith(`${one.name}_`));
  return fitting.sort((a, b) => b.name.length - a.name.length)[0];
}

function namesMade({ plan }: Draft, section: (typeof sections)[number]): readonly string[] {
  return Object.values(plan[section]).flatMap(({ kind, name }) =>
    kind === "external" ? [] : [name],
  );
}
