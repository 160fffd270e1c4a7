import type { LiveTask } from "../engine/live";
import { bothNames } from "../model/platform/compose-names";
import { printable } from "../model/printable";

/** How a task ended, in words. */
export interface Ending {
  /** What went wrong. */
  readonly text: string;
  /** The fix; undefined when only the program's own output helps. */
  readonly remedy?: string;
  /**
   * Where no further try can end better: `anywhere`, `on this node` (another may differ), or `image`
   * (when the registry says that it has none). @default a further try may end better
   */
  readonly final?: Finality;
}

/** Where an error is final. */
export type Finality = "anywhere" | "on this node" | "image";

const wrongProgram =
  "correct `command` or `entrypoint` of the service; the image has no such program";

/** What Docker engines say when a container fails; the first match counts. */
const KNOWN: readonly {
  readonly pattern: RegExp;
  readonly text: (match: RegExpExecArray, whole: string, task: LiveTask) => string;
  readonly remedy?: (match: RegExpExecArray) => string;
  readonly final?: Finality;
}[] = [
  {
    pattern: /dockerexec: unhealthy container/,
    text: () => "its health check failed, so swarm stopped it",
    remedy: () =>
      `correct the program or \`healthcheck\` of the service; a slow start needs a longer ${bothNames("healthcheck.startPeriod")}`,
  },
  {
    // What an init process or a shell returns for a program that it cannot start.
    pattern: /^task: non-zero exit \((12[67])\)$/,
    text: ([, code]) => `its program cannot be started (exit code ${code})`,
    remedy: () => wrongProgram,
    final: "anywhere",
  },
  {
    pattern: /^task: non-zero exit \((\d+)\)$/,
    text: ([, code]) => `its program ended with exit code ${code}`,
  },
  {
    pattern: /No such image: (\S+)/,
    text: ([, image]) => `the image ${image} cannot be pulled (No such image)`,
    remedy: () => "correct `image` of the service, or push that image, so that nodes can pull it",
    final: "image",
  },
  {
    pattern: /bind source path does not exist: (\S+)/,
    text: ([, path]) => `${path}, which the service mounts, does not exist on the node`,
    remedy: ([, path]) =>
      `create ${path} on every node where the service may run, or mount one of the platform's volumes`,
    final: "on this node",
  },
  {
    pattern: /(?:listen (\w+) \S*:(\d+): )?bind: address already in use/,
    text: ([said, protocol = "tcp", port]) =>
      `port ${port ?? ""}/${protocol.replace(/\d$/, "")} of the node is in use by something outside swarm (${said})`,
    remedy: () => "publish another port, or stop what listens there on the node",
  },
  {
    pattern: /exec: ("[^"]+": [^:]+)/,
    text: ([, what]) => `its program cannot be started: ${what}`,
    remedy: () => wrongProgram,
    final: "anywhere",
  },
  {
    pattern: /exec format error/,
    text: () => "its program is made for machines of another kind (exec format error)",
    remedy: () => "build the image for the platform of its nodes, or place it on others",
    final: "on this node",
  },
  {
    pattern: /unable to find (user|group) (\S+?): /,
    text: ([, kind, name]) => `its image has no ${kind} ${name}`,
    remedy: ([, kind]) => `correct \`${kind === "user" ? "user" : "groups"}\` of the service`,
    final: "anywhere",
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
    pattern: /no log driver named '\S+' is registered|unknown log opt '\S+' for \S+ log driver/,
    text: ([said]) => said,
    remedy: () => "correct `logging` of the service",
    final: "anywhere",
  },
  {
    pattern:
      /invalid mount config for type "\w+": .+|Minimum memory limit allowed is \w+|Range of CPUs is from .+|invalid (?:capability|CapAdd|CapDrop): .+|sysctl "\S+" is not in a separate kernel namespace|mount destination .+ not absolute/,
    text: ([said]) => `the Docker engine refuses it: ${said}`,
    final: "anywhere",
  },
  {
    pattern: /(?:secret|config) (?:reference|\S+) not found|unable to get (?:secret|config)/,
    text: (_, whole) => whole,
    remedy: () => "run npm run refresh, then npm run up to recreate it",
  },
];

/** The read-only mount that a path is in. */
function readOnlyAbove(path: string, { Spec }: LiveTask): string | undefined {
  const mounts = Spec?.ContainerSpec?.Mounts ?? [];
  const above = mounts.flatMap(({ Target = "", ReadOnly }) =>
    ReadOnly === true && path.startsWith(`${Target.replace(/\/$/, "")}/`) ? [Target] : [],
  );
  return above.sort((one, other) => other.length - one.length)[0];
}

/** Describes how a task failed, or ended although it should have kept running. Pure. */
export function endingOf(task: LiveTask): Ending {
  const { Status } = task;
  const exit = Status?.ContainerStatus?.ExitCode ?? 0;
  if (Status?.State === "complete") {
    return {
      text: `its program ended on its own with exit code ${exit}`,
      remedy:
        "keep the program running in the foreground, or give a service that is meant to end `mode: replicated-job`",
    };
  }
  const whole = printable(Status?.Err || Status?.Message || "no reason given");
  for (const { pattern, text, remedy, final } of KNOWN) {
    const match = pattern.exec(whole);
    if (match !== null) return { text: text(match, whole, task), remedy: remedy?.(match), final };
  }
  const known = exit === 0 || whole.includes(`(${exit})`);
  return { text: known ? whole : `${whole} (exit code ${exit})` };
}
