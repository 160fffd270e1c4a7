import * as pulumi from "@pulumi/pulumi";
import type { ImageBuild } from "../model/platform/spec";
import { builtImage } from "./build";
import { commandHere } from "./command";
import { pushScript } from "./push-script";
import { byDigest } from "./reference";

/** An image to build on this machine's Docker engine and push. */
export interface PushedImageArgs {
  readonly build: ImageBuild;
  /** Folder that `build.context` starts from, absolute. */
  readonly folder: string;
  /** Repository that nodes pull from, with its host. */
  readonly repository: pulumi.Input<string>;
  /** Name of the image on this machine's Docker engine, without a tag. */
  readonly localName: string;
  /** Who may push. "ecr" asks AWS for a token, with the credentials of this machine. */
  readonly login: "ecr" | { readonly user: string; readonly password: pulumi.Input<string> };
}

/**
 * Builds an image and pushes it under the hash of its content.
 *
 * It runs the docker command instead of `docker.RegistryImage`, which accepts a password only as
 * an input: an ECR token would be in the state, and stale at the next run.
 *
 * @returns what nodes pull, pinned
 */
export function pushedImage(
  name: string,
  key: string,
  args: PushedImageArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { login } = args;
  const { build, folder, localName: repository } = args;
  const image = builtImage(`${name}-image-${key}`, { build, folder, repository }, opts);
  const there = pulumi.all([args.repository, image.name]).apply(([repository, here]) => {
    return `${repository}:${here.slice(here.lastIndexOf(":") + 1)}`;
  });
  const { text, stdin } = pushScript(login === "ecr" ? "ecr" : "login", image.platforms);
  const values = {
    here: image.name,
    there,
    ...(login === "ecr" ? {} : { login: pulumi.secret(login) }),
  };
  const pushed = commandHere(`${name}-push-${key}`, text, pulumi.output(values).apply(stdin), {
    ...opts,
    dependsOn: [image.made],
  });
  return pulumi
    .all([args.repository, pushed.stdout])
    .apply(([repository, digest]) => byDigest(repository, digest));
}
