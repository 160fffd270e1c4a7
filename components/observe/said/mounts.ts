import type { LiveTask } from "../../engine/live";
import type { Known } from "./known";

/** Why a volume could not be mounted, by what the kernel says; the first match counts. */
const MOUNT: readonly (readonly [RegExp, string])[] = [
  [
    /type=nfs|data: .*addr=.*no such device|bad option|protocol not supported|no such device/,
    "install what mounts it on every node where the service may run (for NFS: nfs-common or nfs-utils), or correct `type` in the volume's `driverOptions`",
  ],
  [
    /no such file or directory/,
    "create the path that `device` names (on the server for NFS, on every node else), or correct `driverOptions` of the volume",
  ],
  [
    /permission denied|access denied|operation not permitted/,
    "let the server export it to the nodes, or correct `o` in the volume's `driverOptions`",
  ],
  [
    /stale file handle/,
    "the server exports another folder now: stop the service's tasks, and remove the volume from the node (docker volume rm)",
  ],
  [
    /connection refused|no route to host|timed out|host is down|unreachable/,
    "start the server, open its port for the nodes (2049/tcp for NFS), or correct `addr=` in the volume's `driverOptions`",
  ],
];

/** The path that a mount was to appear at; undefined when the text has none. */
function remedyOfMount(said: string): string {
  const found = MOUNT.find(([pattern]) => pattern.test(said));
  return found?.[1] ?? "correct `driverOptions` of the volume";
}

/** What is wrong with what a container mounts. */
export const mounts: readonly Known[] = [
  {
    pattern: /bind source path does not exist: (\S+)/,
    text: ([, path]) => `${path}, which the service mounts, does not exist on the node`,
    remedy: ([, path]) =>
      `create ${path} on every node where the service may run, or mount one of the platform's volumes`,
    final: "on this node",
  },
  {
    pattern: /(?:rootfs at \\?"([^"\\]+)|mountpoint for (\S+) mount).*read-only file system/,
    text: ([, at = "", or = ""], _, task) => {
      const path = at || or;
      const above = readOnlyAbove(path, task);
      return `${path} cannot be made in the container, because ${above ?? "what is mounted above it"} is read-only`;
    },
    remedy: () => "make that path in what is mounted there, mount it writable, or use another path",
    final: "on this node",
  },
  {
    pattern: /mounting \\?"([^"\\]+)\\?" to rootfs at \\?"([^"\\]+)\\?".*not a directory/,
    text: ([, source, path]) =>
      `${source} cannot be mounted at ${path}: one is a file, the other a folder`,
    remedy: () => "mount a file where the image has a file, and a folder where it has a folder",
    final: "on this node",
  },
  {
    pattern:
      /error while mounting volume '\S*?([^/']+)\/_data': failed to mount local volume: (.+)/,
    text: ([, volume, said]) => `the volume ${volume} cannot be mounted on the node: ${said}`,
    remedy: ([, , said = ""]) => remedyOfMount(said),
  },
  {
    pattern: /cannot access path (\S+?\/volumes\/([^/]+)\/_data\/(\S+)): lstat/,
    text: ([, , volume, path]) => `the volume ${volume} has no ${path}, which \`subpath\` names`,
    remedy: () =>
      "make that folder in the volume before (a `seed`, or a job), or leave `subpath` out",
  },
  {
    pattern:
      /(?:error looking up|VolumeDriver\.\w+: .*) volume plugin \\?"?([^\s"\\]+?)\\?"?: (?:plugin )?.*not found/,
    text: ([, driver]) => `the node has no plugin ${driver}, which the volume's \`driver\` names`,
    remedy: ([, driver]) =>
      `docker plugin install ${driver} on every node where the service may run, or another \`driver\``,
    final: "on this node",
  },
];

/** The read-only mount that a path is in. */
function readOnlyAbove(path: string, { Spec }: LiveTask): string | undefined {
  const mounted = Spec?.ContainerSpec?.Mounts ?? [];
  const above = mounted.flatMap(({ Target = "", ReadOnly }) =>
    ReadOnly === true && path.startsWith(`${Target.replace(/\/$/, "")}/`) ? [Target] : [],
  );
  return above.sort((one, other) => other.length - one.length)[0];
}
