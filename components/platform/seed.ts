import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Host } from "../hosts/host";
import { copyToRemote, remoteCommand } from "../hosts/remote";
import { folderHash } from "../local-engine/context-hash";
import type { NodeVolumePlan, SharedVolumePlan } from "../model/platform/plan";
import type { DirectorySpec } from "../model/platform/spec";
import { quote } from "../model/quote";
import { enterScript, ownedScript } from "./directories";
import { mountedAbove } from "./mounted";

/** A volume to fill, on one host. */
export interface SeedArgs {
  readonly host: Host;
  readonly volume: NodeVolumePlan | SharedVolumePlan;
  /** The platform's folder, which the sources are relative to. */
  readonly folder: string;
  /** Folders of the nodes that containers may write into. */
  readonly mounted: readonly string[];
}

/** Where a volume's data is. */
export interface SeedPlace {
  /** Real name of the volume. */
  readonly volume: string;
  /** Folder on the share, or the one of the node that the volume binds; undefined when the Docker engine has it. */
  readonly sharedFolder?: string;
  /** Owner and permissions of that folder. @default as it is */
  readonly directory?: DirectorySpec;
  /** The folder above that one that containers may write into. @default there is none */
  readonly mounted?: string;
}

/** One entry of a seed. */
export interface SeedEntry {
  /** Path in the volume. */
  readonly target: string;
  /** Path on the host where the source was copied to. */
  readonly staged: string;
  readonly isFolder: boolean;
}

/**
 * Script that copies staged files into a volume and never overwrites an existing one. A volume
 * that is not on the share is created first.
 */
export function seedScript(entries: readonly SeedEntry[], place: SeedPlace): string {
  const find = findScript(place);
  // Containers write there, and this runs as root: a link of theirs must not lead out of it.
  const guard = `root=$(readlink -f "$root")
inside() {
  case "$(readlink -m "$1")/" in
    "$root"/*) ;;
    *) echo "$1 leads out of the volume through a symbolic link: remove the link" >&2; exit 1 ;;
  esac
}`;
  const copies = entries.map(({ target, staged, isFolder }) => {
    const to = `"$root"/${quote(target)}`;
    if (isFolder) {
      return `inside ${to}\nmkdir -p ${to}\ncp -R --no-clobber ${quote(`${staged}/.`)} ${to}`;
    }
    // Whatever has the file's name stays: cp would put the file into the folder that a link leads to.
    const parent = `"$(dirname ${to})"`;
    const copy = `[ -e ${to} ] || [ -L ${to} ] || cp -T --no-clobber ${quote(staged)} ${to}`;
    return `inside ${parent}\nmkdir -p ${parent}\n${copy}`;
  });
  const root = place.mounted === undefined ? '"$root"' : ".";
  return `${[find, guard, ...copies].join("\n")}\n${ownedScript(root, place.directory ?? {})}`;
}

/** Lines that make the volume and set `root` to where its data is. */
function findScript({ volume, sharedFolder, mounted }: SeedPlace): string {
  if (sharedFolder === undefined) {
    return `docker volume create ${quote(volume)} >/dev/null
root=$(docker volume inspect --format '{{.Mountpoint}}' ${quote(volume)})`;
  }
  if (mounted !== undefined) return `${enterScript(sharedFolder, mounted)}\nroot=$at`;
  return `root=${quote(sharedFolder)}\nmkdir -p "$root"`;
}

/**
 * Folder where files wait before they are copied into a volume: next to the volume's data, so
 * that it lives exactly as long.
 */
export function stageOf(host: Pick<Host, "store">, { volume, sharedFolder }: SeedPlace): string {
  return sharedFolder === undefined
    ? `${host.store}/swarmyard-seed/${volume}`
    : `${path.posix.dirname(sharedFolder)}/.seed/${volume}`;
}

/**
 * Creates the folder of a shared volume and copies its seed there, before services start. It
 * stays when the resource is deleted: data is removed only with its share or volume.
 */
export function seedVolume(
  name: string,
  args: SeedArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { host, volume } = args;
  const folder = volume.kind === "shared" ? volume.folder : volume.device;
  const mounted = folder === undefined ? undefined : mountedAbove(folder, args.mounted);
  const place: SeedPlace = {
    volume: volume.name,
    ...(mounted === undefined ? {} : { mounted }),
    ...(folder === undefined ? {} : { sharedFolder: folder }),
    ...(volume.directory === undefined ? {} : { directory: volume.directory }),
  };
  const stage = stageOf(host, place);
  const sources = Object.entries(volume.seed).map(([target, source]) => {
    // Relative, so that the state is the same from every clone.
    const local = path.relative(process.cwd(), path.resolve(args.folder, source)) || ".";
    const isFolder = fs.statSync(local).isDirectory();
    const entry = { target, staged: `${stage}/${target.replaceAll("/", "_")}`, isFolder };
    return { local, entry };
  });
  const folders = sources.filter(({ entry }) => entry.isFolder).map(({ entry }) => entry.staged);
  // Files are copied by the SSH user, which need not be root.
  const prepare = `mkdir -p ${[stage, ...folders].map(quote).join(" ")}
chown -R "\${SUDO_USER:-root}" ${quote(stage)}\n`;
  const staged = remoteCommand(`${name}-stage`, { host, create: prepare, update: prepare }, opts);
  const copies = sources.map(({ local, entry }) =>
    copyToRemote(
      `${name}-copy-${entry.target}`,
      {
        host,
        source: entry.isFolder
          ? // With a slash at its end the folder's content is copied, not the folder.
            new pulumi.asset.FileArchive(`${local}/`)
          : new pulumi.asset.FileAsset(local),
        path: entry.staged,
      },
      pulumi.mergeOptions(opts, { dependsOn: [staged] }),
    ),
  );
  const script = seedScript(
    sources.map(({ entry }) => entry),
    place,
  );
  return remoteCommand(
    name,
    {
      host,
      create: script,
      update: script,
      // Not read by the script; a changed source runs it again.
      stdin: sources
        .map(({ local, entry }) => (entry.isFolder ? folderHash(local) : fileHash(local)))
        .join("\n"),
    },
    pulumi.mergeOptions(opts, { dependsOn: [staged, ...copies] }),
  );
}

function fileHash(file: string): string {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}
