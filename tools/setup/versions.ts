import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./folders";

/** Versions that the environment uses: those of the npm packages, so that both sides match. */
export interface PinnedVersions {
  readonly pulumi: string;
  /** Plugins by name. */
  readonly plugins: { readonly [name: string]: string };
}

/** Reads package.json. */
export function pinnedVersions(): PinnedVersions {
  return {
    pulumi: npmVersion("pulumi"),
    plugins: { docker: npmVersion("docker"), command: npmVersion("command") },
  };
}

/** The pinned version of the npm package `@pulumi/<name>`. */
export function npmVersion(name: string): string {
  const text = readFileSync(join(root, "package.json"), "utf8");
  const versions: Record<string, string> = JSON.parse(text).dependencies;
  const found = versions[`@pulumi/${name}`];
  if (found === undefined) {
    throw new Error(`package.json names no @pulumi/${name}`);
  }
  return found;
}

/** True when `found` (such as v3.260.1) has at least the major and minor version of `pinned`. Pure. */
export function isNewEnough(found: string, pinned: string): boolean {
  const [major, minor] = numbers(found);
  const [wantedMajor, wantedMinor] = numbers(pinned);
  return major === wantedMajor && minor >= wantedMinor;
}

function numbers(version: string): readonly [number, number] {
  const match = /^v?(\d+)\.(\d+)/.exec(version.trim());
  return match === null ? [-1, -1] : [Number(match[1]), Number(match[2])];
}
