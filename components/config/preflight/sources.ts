import { join, resolve } from "node:path";
import { nearest } from "../../model/nearest";
import type { Keys, Problem } from "../../model/problem";
import { type Draft, platformProblem } from "../platforms/platforms";
import { fileSchema } from "../schema/file";
import type { Check, Flight } from "./flight";

/** Secrets, configs, seeds and images whose source is missing or not clear. */
export const checkSources: Check = (flight) =>
  flight.drafts.flatMap((draft) => [
    ...oneSource(draft, "secrets", ["random", "config", "file", "external"]),
    ...oneSource(draft, "configs", ["content", "file", "external"]),
    ...volumeContradictions(draft),
    ...missingSecrets(draft, flight),
    ...missingFiles(draft, flight),
  ]);

function oneSource(
  draft: Draft,
  section: "secrets" | "configs",
  sources: readonly string[],
): readonly Problem[] {
  return Object.entries(draft.spec[section] ?? {}).flatMap(([key, thing]) => {
    const stated = Object.keys(thing).filter((field) => sources.includes(field));
    if (stated.length === 1 || wronglyWritten(draft, section, key, sources)) return [];
    const found =
      stated.length === 0 ? "no source" : `${stated.length} sources: ${stated.join(", ")}`;
    const example = section === "secrets" ? "`random: 32`" : "`file: <path>`";
    const fix = stated.length === 0 ? example : `only one of ${stated.join(", ")}`;
    const allowed = `exactly one of ${sources.join(", ")}`;
    return [platformProblem(draft, [section, key], { found, allowed, fix })];
  });
}

/** True when a source was written but left out as wrong, which is reported already. */
function wronglyWritten(
  draft: Draft,
  section: "secrets" | "configs",
  key: string,
  sources: readonly string[],
): boolean {
  const written = (draft.written[section] as { [key: string]: object })[key] ?? {};
  const read = draft.spec[section]?.[key] ?? {};
  return sources.some((field) => Object.hasOwn(written, field) && !Object.hasOwn(read, field));
}

function volumeContradictions(draft: Draft): readonly Problem[] {
  return Object.entries(draft.spec.volumes ?? {}).flatMap(([key, volume]) => {
    const problem = (field: string, found: string, allowed: string) =>
      platformProblem(draft, ["volumes", key, field], {
        found,
        allowed,
        fix: `remove \`${field}\``,
      });
    const problems: Problem[] = [];
    if (volume.shared === true && volume.driverOptions !== undefined) {
      const allowed = "`shared` or `driverOptions`: the share has its own options";
      problems.push(problem("driverOptions", "driverOptions next to shared: true", allowed));
    }
    if (volume.external === true && volume.seed !== undefined) {
      const allowed = "`seed` only for a volume that the platform makes";
      problems.push(problem("seed", "a seed next to external: true", allowed));
    }
    return problems;
  });
}

const settingNames = Object.keys(fileSchema.shape);

function missingSecrets(
  draft: Draft,
  { world, environment, plainKeys }: Flight,
): readonly Problem[] {
  const { hasSecret, secretKeys = [] } = world;
  return Object.entries(draft.spec.secrets ?? {}).flatMap(([key, { config }]) => {
    if (config === undefined) return [];
    const keys = ["secrets", key, "config"];
    if (settingNames.includes(config)) {
      const found = `"${config}", which is a setting`;
      const allowed = `any key but ${settingNames.join(", ")}`;
      return [platformProblem(draft, keys, { found, allowed, fix: "another key" })];
    }
    if (hasSecret === undefined || hasSecret(config)) return [];
    const found = plainKeys.includes(config)
      ? `"${config}", whose value in Pulumi config is not encrypted`
      : `"${config}", which is not in Pulumi config`;
    const near = nearest(config, secretKeys);
    const command = `\`pulumi config set --secret swarmyard:${config} --stack ${environment.name}\``;
    const fix = near === undefined ? command : `${command}, or did you mean \`${near}\`?`;
    return [platformProblem(draft, keys, { found, allowed: "a secret of Pulumi config", fix })];
  });
}

/** Files and folders that a platform names. */
function namedFiles({ spec }: Draft): readonly { keys: Keys; path: string; what: string }[] {
  const secrets = Object.entries(spec.secrets ?? {}).flatMap(([key, { file }]) =>
    file === undefined ? [] : [{ keys: ["secrets", key, "file"], path: file, what: "a file" }],
  );
  const configs = Object.entries(spec.configs ?? {}).flatMap(([key, { file }]) =>
    file === undefined ? [] : [{ keys: ["configs", key, "file"], path: file, what: "a file" }],
  );
  const seeds = Object.entries(spec.volumes ?? {}).flatMap(([key, { seed = {} }]) =>
    Object.entries(seed).map(([target, path]) => ({
      keys: ["volumes", key, "seed", target],
      path,
      what: "a file or folder",
    })),
  );
  return [...secrets, ...configs, ...seeds];
}

function missingFiles(draft: Draft, { world: { exists } }: Flight): readonly Problem[] {
  if (exists === undefined) return [];
  const { folder } = draft.spec;
  const absent = (keys: Keys, path: string, what: string): readonly Problem[] => {
    const full = resolve(folder, path);
    if (exists(full)) return [];
    const found = `"${path}", but there is no ${join("platforms", draft.from, path)}`;
    const about = { found, allowed: `${what} in the platform's folder`, fix: `make ${full}` };
    return [platformProblem(draft, keys, about)];
  };
  const images = Object.entries(draft.spec.images ?? {}).flatMap(([key, image]) => {
    const context = absent(["images", key, "context"], image.context, "a folder");
    if (context.length > 0) return context;
    const dockerfile = image.dockerfile ?? "Dockerfile";
    const keys = ["images", key, image.dockerfile === undefined ? "context" : "dockerfile"];
    return absent(keys, join(image.context, dockerfile), "a Dockerfile");
  });
  return [
    ...namedFiles(draft).flatMap(({ keys, path, what }) => absent(keys, path, what)),
    ...images,
  ];
}
