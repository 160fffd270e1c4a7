import type * as pulumi from "@pulumi/pulumi";
import type { Host } from "../hosts/host";
import { remoteCommand } from "../hosts/remote";
import { modeOf } from "../model/fields/file-mode";
import type { DirectorySpec } from "../model/platform/spec";
import { quote } from "../model/quote";
import { onNode } from "../model/system-folders";

/** A directory on one host. */
export interface DirectoryArgs extends DirectorySpec {
  readonly host: Host;
  /** Absolute. */
  readonly path: string;
  /** The folder above it that containers may write into. @default there is none */
  readonly mounted?: string;
}

/**
 * Makes a directory on a host, with owner and mode. It stays when the resource is deleted: what is in it is
 * somebody's data.
 */
export function makeDirectory(
  name: string,
  { host, ...args }: DirectoryArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const script = directoryScript(args);
  return remoteCommand(name, { host, create: script, update: script }, opts);
}

/** Script that makes a directory with its owner and mode. */
export function directoryScript({ path, mounted, ...directory }: Omit<DirectoryArgs, "host">) {
  const isOwned = directory.owner !== undefined || directory.mode !== undefined;
  if (mounted === undefined || !isOwned) {
    return `mkdir -p ${quote(path)}\n${ownedScript(quote(path), directory)}`;
  }
  return `${enterScript(path, mounted)}\n${ownedScript(".", directory)}`;
}

/**
 * Lines that make a directory and go into it. Containers may have put links below `mounted`, at any time, so each
 * step is checked after it was taken: what comes next and names `.` is in no other place.
 */
export function enterScript(path: string, mounted: string): string {
  const parts = onNode(path)
    .slice(mounted.length + 1)
    .split("/");
  return `mkdir -p ${quote(mounted)}
cd -P ${quote(mounted)}
at=$(pwd -P)
for part in ${parts.map(quote).join(" ")}; do
  at=\${at%/}/$part
  if [ ! -L "$part" ]; then mkdir -p "./$part" && cd -P "./$part"; fi
  if [ "$(pwd -P)" != "$at" ]; then echo "$at leads elsewhere through a symbolic link: remove the link" >&2; exit 1; fi
done`;
}

/** Lines that give a directory its owner and mode; none for what is not stated. `path` is quoted. */
export function ownedScript(path: string, { owner, mode }: DirectorySpec): string {
  const lines = [
    ...(owner === undefined ? [] : [`chown ${quote(owner)} ${path}`]),
    ...(mode === undefined ? [] : [`chmod ${modeOf(mode).toString(8).padStart(4, "0")} ${path}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
