import { isAbsolute, relative } from "node:path";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { mapValues } from "../model/merge";
import type { ImageBuild } from "../model/platform/spec";
import { parseBytes } from "../model/quantities";
import { contextHash } from "./context-hash";

/** An image to build on this machine's Docker engine. */
export interface EngineImageArgs extends Omit<ImageBuild, "context"> {
  /** Repository without a tag; the tag is the hash of the folder. */
  readonly repository: string;
  /** Absolute path of the folder with the Dockerfile. */
  readonly folder: string;
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
        ...moreOf(args),
        labels: imageLabels(name, args),
        // The Docker engine's own builder: buildx need not be installed.
        useLegacyBuilder: true,
      },
      keepLocally: true,
      triggers: { content: hash },
    },
    opts,
  );
}

/** Labels of an image that we build: its own, and the resource that it is of. */
export function imageLabels(
  name: string,
  { labels }: Pick<ImageBuild, "labels">,
): { readonly [name: string]: string } {
  return { ...labels, "swarmyard.image": name };
}

/** Name that an image has on this machine's Docker engine: its tag is the hash of all that determines it. */
export function imageName(args: EngineImageArgs): string {
  return `${args.repository}:${hashOf(args).slice(0, 12)}`;
}

/** What is rarely said of a build; absent when it is not. */
function moreOf({ network, extraHosts, shmSize, noCache, pull }: EngineImageArgs) {
  return {
    ...(network === undefined ? {} : { networkMode: network }),
    ...(extraHosts === undefined
      ? {}
      : {
          extraHosts: Object.entries(extraHosts).flatMap(([name, addresses]) =>
            addresses.split(/, */).map((address) => `${name}:${address}`),
          ),
        }),
    ...(shmSize === undefined ? {} : { shmSize: parseBytes(shmSize) }),
    ...(noCache === undefined ? {} : { noCache }),
    ...(pull === undefined ? {} : { pullParent: pull }),
  };
}

function hashOf(image: EngineImageArgs) {
  const { folder, dockerfile = "Dockerfile", target = "", args = {} } = image;
  const { labels = {}, extraHosts = {}, network, dockerfileText, platforms, contexts = {} } = image;
  return contextHash(folder, [
    dockerfile,
    target,
    ...pairsOf(args, ""),
    // Only where they are stated, so that the tags of other images stay.
    ...pairsOf(labels, "label "),
    ...pairsOf(extraHosts, "host "),
    ...(network === undefined ? [] : [`network ${network}`]),
    ...(dockerfileText === undefined ? [] : [`text ${dockerfileText}`]),
    ...(platforms === undefined ? [] : [`platforms ${platforms.join(" ")}`]),
    ...pairsOf(mapValues(contexts, contextOf), "context "),
  ]);
}

/** What a further context adds to the hash: the content of a folder, or its address. */
function contextOf(place: string): string {
  return isAbsolute(place) ? contextHash(place) : place;
}

function pairsOf(map: { readonly [key: string]: string }, kind: string): readonly string[] {
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${kind}${key}=${value}`);
}
