import type * as pulumi from "@pulumi/pulumi";
import type { ImageBuild } from "../model/platform/spec";

/** The registry for images built here. */
export interface Registry {
  /**
   * Builds an image from a folder and pushes it.
   *
   * @param key Unique in the environment: `<platform>/<image>`; it becomes the repository's name.
   * @param folder Folder that `build.context` starts from, absolute.
   * @returns What nodes pull, pinned: `registry:5000/<key>@sha256:…`. Known at preview when nothing changed.
   */
  build(key: string, build: ImageBuild, folder: string): pulumi.Output<string>;
  /**
   * Pulls images to hosts that do not use the login in a service's spec.
   *
   * @param key Unique in the environment.
   * @returns Wait for these before a service uses the images. @default hosts pull when tasks need it
   */
  bring?(
    key: string,
    images: readonly pulumi.Output<string>[],
    opts?: pulumi.CustomResourceOptions,
  ): readonly pulumi.Resource[];
  /** Wait for these before an image is pulled. */
  readonly ready: readonly pulumi.Resource[];
}
