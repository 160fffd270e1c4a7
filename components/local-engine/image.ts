import { relative } from "node:path";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { contextHash } from "./context-hash";

/** An image to build on this machine's Docker engine. */
export interface EngineImageArgs {
  /** Repository without a tag; the tag is the hash of the folder. */
  readonly repository: string;
  /** Absolute path of the folder with the Dockerfile. */
  readonly folder: string;
  /** Relative to `folder`. @default "Dockerfile" */
  readonly dockerfile?: string;
  readonly args?: { readonly [name: string]: string };
  readonly target?: string;
}

/**
 * Builds an image when the content of its folder changes. The image stays on the Docker engine
 * when the resource is deleted: the next `up` does not build it again, and other stacks share it.
 *
 * @example
 * const image = engineImage("node", { repository: "swarmyard/node", folder }, { parent: this });
 * image.imageId; // what a container takes
 */
export function engineImage(
  name: string,
  args: EngineImageArgs,
  opts: pulumi.CustomResourceOptions,
): docker.RemoteImage {
  const dockerfile = args.dockerfile ?? "Dockerfile";
  const hash = hashOf(args);
  return new docker.RemoteImage(
    name,
    {
      name: imageName(args),
      build: {
        // Relative to the program's folder, so that the path is the same in every clone.
        context: relative(process.cwd(), args.folder) || ".",
        dockerfile,
        ...(args.args === undefined ? {} : { buildArgs: { ...args.args } }),
        ...(args.target === undefined ? {} : { target: args.target }),
        labels: { "swarmyard.image": name },
        // The Docker engine's own builder: buildx need not be installed.
        useLegacyBuilder: true,
      },
      keepLocally: true,
      triggers: { content: hash },
    },
    opts,
  );
}

/** Name that an image has on this machine's Docker engine: its tag is the hash of all that determines it. */
export function imageName(args: EngineImageArgs): string {
  return `${args.repository}:${hashOf(args).slice(0, 12)}`;
}

function hashOf({ folder, dockerfile = "Dockerfile", target = "", args = {} }: EngineImageArgs) {
  return contextHash(folder, [
    dockerfile,
    target,
    ...Object.entries(args)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`),
  ]);
}
