import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../hosts/host";
import { remoteCommand } from "../hosts/remote";
import { modeOf } from "../model/fields/file-mode";
import type { DirectorySpec } from "../model/platform/spec";
import { quote } from "../model/quote";

/** A directory on one host. */
export interface DirectoryArgs extends DirectorySpec {
  readonly host: Host;
  /** Absolute. */
  readonly path: string;
}

/**
 * Makes a directory on a host, with owner and mode. It stays when the resource is deleted: what is in it is
 * somebody's data.
 */
export function makeDirectory(
  name: string,
  { host, path, ...directory }: DirectoryArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const script = `mkdir -p ${quote(path)}\n${ownedScript(quote(path), directory)}`;
  return remoteCommand(name, { host, create: script, update: script }, opts);
}

/** Lines that give a directory its owner and mode; none for what is not stated. `path` is quoted. */
export function ownedScript(path: string, { owner, mode }: DirectorySpec): string {
  const lines = [
    ...(owner === undefined ? [] : [`chown ${quote(owner)} ${path}`]),
    ...(mode === undefined ? [] : [`chmod ${modeOf(mode).toString(8).padStart(4, "0")} ${path}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
