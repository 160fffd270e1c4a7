import { join, resolve } from "node:path";
import { isContextFolder } from "../../model/platform/build";
import { fileProblem, type Keys, type Problem } from "../../model/problem";
import { type Draft, platformProblem } from "../platforms/platforms";
import { fileSchema } from "../schema/file";
import type { Check, Flight } from "./flight";
import { setSecret } from "./missing-secret";
import { type NamedConfig, type NamedFile, strangers } from "./strangers";

/** Secrets, configs, seeds and images whose source is missing, or not the platform's. */
export const checkSources: Check = (flight) =>
  flight.drafts
    .flatMap((draft) => [
      ...missingSecrets(draft, flight),
      ...missingFiles(draft, flight),
      ...strangers(draft, { files: namedFiles(draft), configs: namedConfig(draft) }),
    ])
    .concat(missingStandIns(flight));

const settingNames = Object.keys(fileSchema.shape);

/** Keys of Pulumi config that a platform names, and where. */
export function namedConfig({ plan }: Draft): readonly NamedConfig[] {
  const own = Object.entries(plan.secrets).flatMap(([key, secret]) =>
    secret.kind === "config" ? [{ keys: ["secrets", key, "config"], config: secret.config }] : [],
  );
  const ofBuilds = Object.entries(plan.images).flatMap(([key, { secrets = {} }]) =>
    Object.entries(secrets).flatMap(([id, { config }]) =>
      config === undefined ? [] : [{ keys: ["images", key, "secrets", id, "config"], config }],
    ),
  );
  return [...own, ...ofBuilds];
}

function missingSecrets(draft: Draft, flight: Flight): readonly Problem[] {
  const { plainKeys, world } = flight;
  const { hasSecret } = world;
  return namedConfig(draft).flatMap(({ keys, config }) => {
    if (settingNames.includes(config)) {
      const found = `"${config}", which is a setting`;
      const allowed = `any key but ${settingNames.join(", ")}`;
      return [platformProblem(draft, keys, { found, allowed, fix: "another key" })];
    }
    if (hasSecret === undefined || hasSecret(config)) return [];
    const found = plainKeys.includes(config)
      ? `"${config}", whose value in Pulumi config is not encrypted`
      : `"${config}", which is not in Pulumi config`;
    const fix = setSecret(config, flight);
    return [platformProblem(draft, keys, { found, allowed: "a secret of the environment", fix })];
  });
}

function missingStandIns({ settings, world }: Flight): readonly Problem[] {
  const { exists, folder = "" } = world;
  return Object.entries(settings.standIns ?? {}).flatMap(([row, { context }]) => {
    const full = resolve(folder, context);
    if (exists === undefined || exists(full)) return [];
    const found = `"${context}", but there is no folder ${full}`;
    const allowed = "a folder relative to the environment file";
    return [fileProblem(["standIns", row, "context"], { found, allowed, fix: `make ${full}` })];
  });
}

/** Files and folders that a platform names. */
function namedFiles({ plan }: Draft): readonly NamedFile[] {
  const files = (["secrets", "configs"] as const).flatMap((section) =>
    Object.entries(plan[section]).flatMap(([key, thing]) => {
      if (thing.kind !== "file") return [];
      return [{ keys: [section, key, "file"], path: thing.file, what: "a file" }];
    }),
  );
  const seeds = Object.entries(plan.volumes).flatMap(([key, volume]) =>
    Object.entries(volume.kind === "external" ? {} : volume.seed).map(([target, path]) => ({
      keys: ["volumes", key, "seed", target],
      path,
      what: "a file or folder",
    })),
  );
  const ofBuilds = Object.entries(plan.images).flatMap(([key, { secrets = {} }]) =>
    Object.entries(secrets).flatMap(([id, { file }]) => {
      if (file === undefined) return [];
      return [{ keys: ["images", key, "secrets", id, "file"], path: file, what: "a file" }];
    }),
  );
  return [...files, ...seeds, ...ofBuilds];
}

function missingFiles(draft: Draft, { world: { exists } }: Flight): readonly Problem[] {
  if (exists === undefined) return [];
  const { folder, images: built } = draft.plan;
  const absent = (keys: Keys, path: string, what: string): readonly Problem[] => {
    const full = resolve(folder, path);
    if (exists(full)) return [];
    const found = `"${path}", but there is no ${join("platforms", draft.from, path)}`;
    const about = { found, allowed: `${what} in the platform's folder`, fix: `make ${full}` };
    return [platformProblem(draft, keys, about)];
  };
  const images = Object.entries(built).flatMap(([key, image]) => {
    const context = absent(["images", key, "context"], image.context, "a folder");
    const contexts = Object.entries(image.contexts ?? {}).flatMap(([name, place]) =>
      isContextFolder(place) ? absent(["images", key, "contexts", name], place, "a folder") : [],
    );
    const missing = [...context, ...contexts];
    if (missing.length > 0 || image.dockerfileText !== undefined) return missing;
    const dockerfile = image.dockerfile ?? "Dockerfile";
    const keys = ["images", key, image.dockerfile === undefined ? "context" : "dockerfile"];
    return absent(keys, join(image.context, dockerfile), "a Dockerfile");
  });
  return [
    ...namedFiles(draft).flatMap(({ keys, path, what }) => absent(keys, path, what)),
    ...images,
  ];
}
