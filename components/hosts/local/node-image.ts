import { join } from "node:path";
import type { EngineImageArgs } from "../../local-engine/image";
import { buildArguments, FIRST_ENGINE, type LocalEngine } from "../../model/local-engines";

/** Folder of the image of hosts with Debian 12, and of the parts that all images of hosts share. */
export const IMAGE_FOLDER = join(__dirname, "image");

/**
 * What the image of hosts with a generation of Docker is built from. That of Debian 12 has its own
 * folder, whose path and content must not change: hosts that exist would be replaced.
 */
export function nodeImage(engine: LocalEngine): EngineImageArgs {
  const repository = "swarmyard/node";
  if (engine === FIRST_ENGINE) return { repository, folder: IMAGE_FOLDER };
  return { repository, folder: __dirname, args: buildArguments(engine) };
}

/** Name of that image's resource. */
export function nodeImageResource(engine: LocalEngine): string {
  return engine === FIRST_ENGINE ? "node-image" : `node-image-${engine}`;
}
