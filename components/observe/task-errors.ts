import type { LiveTask } from "../engine/live";
import { printable } from "../model/printable";

/** How a task ended, in words. */
export interface Ending {
  /** What went wrong. */
  readonly text: string;
  /** The fix; undefined when only the program's own output helps. */
  readonly remedy?: string;
}

const wrongProgram =
  "correct `command` or `entrypoint` of the service; the image has no such program";

/** What Docker engines say when a container fails; the first match counts. */
const KNOWN: readonly {
  readonly pattern: RegExp;
  readonly text: (match: RegExpExecArray, whole: string) => string;
  readonly remedy?: (match: RegExpExecArray) => string;
}[] = [
  {
    pattern: /dockerexec: unhealthy container/,
    text: () => "its health check failed, so swarm stopped it",
    remedy: () =>
      "correct the program or `healthcheck` of the service; a slow start needs a longer `startPeriod`",
  },
  {
    // What an init process or a shell returns for a program that it cannot start.
    pattern: /^task: non-zero exit \((12[67])\)$/,
    text: ([, code]) => `its program cannot be started (exit code ${code})`,
    remedy: () => wrongProgram,
  },
  {
    pattern: /^task: non-zero exit \((\d+)\)$/,
    text: ([, code]) => `its program ended with exit code ${code}`,
  },
  {
    pattern: /No such image: (\S+)/,
    text: ([, image]) => `the image ${image} cannot be pulled (No such image)`,
    remedy: () => "correct `image` of the service, or push that image, so that nodes can pull it",
  },
  {
    pattern: /bind source path does not exist: (\S+)/,
    text: ([, path]) => `${path}, which the service mounts, does not exist on the node`,
    remedy: ([, path]) =>
      `create ${path} on every node where the service may run, or mount one of the platform's volumes`,
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
  },
  {
    pattern: /(?:secret|config) (?:reference|\S+) not found|unable to get (?:secret|config)/,
    text: (_, whole) => whole,
    remedy: () => "run npm run refresh, then npm run up to recreate it",
  },
];

/** Describes how a task failed, or ended although it should have kept running. Pure. */
export function endingOf({ Status }: LiveTask): Ending {
  const exit = Status?.ContainerStatus?.ExitCode ?? 0;
  if (Status?.State === "complete") {
    return {
      text: `its program ended on its own with exit code ${exit}`,
      remedy:
        "keep the program running in the foreground, or give a service that is meant to end `mode: replicated-job`",
    };
  }
  const whole = printable(Status?.Err || Status?.Message || "no reason given");
  for (const { pattern, text, remedy } of KNOWN) {
    const match = pattern.exec(whole);
    if (match !== null) return { text: text(match, whole), remedy: remedy?.(match) };
  }
  const known = exit === 0 || whole.includes(`(${exit})`);
  return { text: known ? whole : `${whole} (exit code ${exit})` };
}
