import { relative, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readText } from "../config/file/read-text";
import { secretValue } from "../config/secret-value";
import { engineImage, imageLabels, imageName } from "../local-engine/image";
import { isBuiltByCommand, isContextFolder } from "../model/platform/build";
import type { ImageBuild } from "../model/platform/spec";
import { buildScript, contentsNeeded, partsOf } from "./build-script";
import { commandHere } from "./command";

/** An image to build on this machine. */
export interface BuiltImageArgs {
  readonly build: ImageBuild;
  /** Folder that `build.context` starts from, absolute. */
  readonly folder: string;
  /** Name of the image on this machine's Docker engine, without a tag. */
  readonly repository: string;
}

/** An image on this machine's Docker engine. */
export interface BuiltImage {
  /** Its name with its tag, the hash of all that determines it. */
  readonly name: pulumi.Output<string>;
  /** What to add to the name for each platform that it was built for; none for an image of one platform. */
  readonly platforms: readonly string[];
  /** Wait for it before the image is used. */
  readonly made: pulumi.Resource;
}

/**
 * Builds an image when its content changes: with Pulumi's Docker plugin and the Docker engine's own builder, or,
 * where the build asks for more, with the docker command.
 *
 * @example
 * builtImage("registry-image-shop/web", { build: { context: "web" }, folder, repository: "shop/web" }, { parent });
 */
export function builtImage(
  name: string,
  { build, folder, repository }: BuiltImageArgs,
  opts: pulumi.CustomResourceOptions,
): BuiltImage {
  const { context, contexts, ...rest } = build;
  const full = resolve(folder, context);
  const dockerfile =
    build.dockerfileText ?? readText(resolve(full, build.dockerfile ?? "Dockerfile"));
  const args = { repository, ...rest, folder: full, contexts: foldersOf(contexts, folder) };
  if (!isBuiltByCommand(build, dockerfile)) {
    const image = engineImage(name, args, opts);
    return { name: image.name, platforms: [], made: image };
  }
  const image = imageName(args);
  const { text, stdin } = buildScript({
    build,
    // Relative to the program's folder, so that the text is the same in every clone.
    folder: `./${relative(process.cwd(), folder)}`,
    image,
    dockerfile,
    labels: imageLabels(name, build),
  });
  const contents = pulumi.all(
    Object.fromEntries(contentsNeeded(build).map((id) => [id, contentOf(build, id)])),
  );
  const input = contents.apply(stdin);
  const made = commandHere(name, text, input, opts);
  const suffixes = partsOf(build, "").map((part) => part.image);
  return {
    name: pulumi.output(image),
    platforms: suffixes.length > 1 ? suffixes : [],
    made,
  };
}

function contentOf({ secrets = {} }: ImageBuild, id: string): pulumi.Output<string> {
  const secret = secrets[id];
  return secret?.config === undefined
    ? pulumi.secret(secret?.value ?? "")
    : secretValue(secret.config);
}

/** Contexts that are folders, absolute; addresses stay as they are. */
function foldersOf(contexts: ImageBuild["contexts"], folder: string): ImageBuild["contexts"] {
  if (contexts === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(contexts).map(([name, place]) => [
      name,
      isContextFolder(place) ? resolve(folder, place) : place,
    ]),
  );
}
