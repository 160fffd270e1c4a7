import type * as pulumi from "@pulumi/pulumi";
import type { ImageBuild } from "../config/platform-spec";

/** Where images come from that are built here. */
export interface Registry {
  /**
   * Builds an image from a folder and pushes it.
   *
   * @param key Unique in the environment: `<platform>/<image>`; it becomes the repository's name.
   * @param folder Folder that `build.context` starts from, absolute.
   * @returns What nodes pull, pinned: `registry:5000/<key>@sha256:…`. Known at preview when nothing changed.
   */
  build(key: string, build: ImageBuild, folder: string): pulumi.Output<string>;
  /** Wait for these before an image is pulled. */
  readonly ready: readonly pulumi.Resource[];
  /** Host and port by which nodes pull, for example `registry:5000`. */
  readonly pullAddress: string;
  /** True when it speaks plain HTTP: engines must be told. */
  readonly insecure: boolean;
}
