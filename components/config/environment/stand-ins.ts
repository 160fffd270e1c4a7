import { resolve } from "node:path";
import { parseImage } from "../../model/image";
import type { ImageBuild } from "../../model/platform/spec";
import type { PresentSpec } from "../platforms/present";
import type { FileSettings } from "../schema/file";

/** Variable by which `--stand-ins` reaches the program. */
export const STAND_INS_VARIABLE = "SWARMYARD_STAND_INS";

/** Whether `--stand-ins` was given. Pure. */
export function standInsWanted(env: NodeJS.ProcessEnv): boolean {
  return env[STAND_INS_VARIABLE] === "true";
}

/** What an environment file says of stand-ins. */
export interface StandIns {
  /** Repository of the real image, or its beginning and `*`, to what is built instead. */
  readonly rows: NonNullable<FileSettings["standIns"]>;
  /** Folder of the environment file, from which contexts start. */
  readonly folder: string;
}

/**
 * The platform with small images in place of the real ones that are named. Each is built with the
 * argument `TAG`, the tag of the real one, so that a new tag is a new image here too. Services
 * whose images are alike share one build.
 */
export function withStandIns(spec: PresentSpec, standIns: StandIns): PresentSpec {
  const named = Object.entries(spec.services).flatMap(([service, { image }]) => {
    const found = typeof image === "string" ? standInFor(image, standIns) : undefined;
    return found === undefined ? [] : [{ service, ...found }];
  });
  const images = new Map<string, ImageBuild>();
  const services = { ...spec.services };
  for (const { service, row, tag, build } of named) {
    const several = named.some((other) => other.row === row && other.tag !== tag);
    const key = keyOf(several ? `${row}_${tag}` : row);
    const own = services[service];
    if (own !== undefined) services[service] = { ...own, image: { build: key } };
    images.set(key, build);
  }
  return { ...spec, images: { ...spec.images, ...Object.fromEntries(images) }, services };
}

function standInFor(image: string, { rows, folder }: StandIns) {
  const parts = parseImage(image);
  if ("wrong" in parts) return undefined;
  const { repository, tag = parts.digest ?? "latest" } = parts;
  // The most precise one: Pulumi does not keep the order of a file.
  const [found] = Object.entries(rows)
    .filter(([row]) => matches(row, repository))
    .sort(([a], [b]) => b.length - a.length);
  if (found === undefined) return undefined;
  const [row, { context, args, ...rest }] = found;
  const build = { ...rest, context: resolve(folder, context), args: { ...args, TAG: tag } };
  return { row, tag, build };
}

function matches(row: string, repository: string): boolean {
  return row.endsWith("*") ? repository.startsWith(row.slice(0, -1)) : repository === row;
}

/** Key of an image, which is also the end of its repository's name. */
function keyOf(row: string): string {
  const plain = row.replace(/\*$/, "all").replaceAll("/", ".").replaceAll(":", "_");
  return plain.toLowerCase();
}
