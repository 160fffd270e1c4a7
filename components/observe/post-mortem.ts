import { within } from "../engine/deadline";
import { cause } from "../engine/errors";
import type { LiveContainer, LiveTask } from "../engine/live";
import { askRegistry } from "../engine/registry";
import { registryOf } from "../model/image";
import { readableBytes } from "../model/placement/room";
import { printable } from "../model/printable";
import type { ObserveContext } from "./context";

const TIMEOUT_MS = 5_000;
const LINES = 4;

/** Additional information about a failed task. */
export interface Findings {
  readonly lines: readonly string[];
  /** The fix, instead of the one that the task's own error suggests. */
  readonly remedies: readonly string[];
}

const NOTHING: Findings = { lines: [], remedies: [] };

/**
 * Inspects what is left of a failed task: its container on the node (out of memory, what the health
 * check said), or why the registry does not provide its image. Never throws; unavailable details are left out.
 */
export async function postMortem(
  task: LiveTask,
  hostname: string | undefined,
  context: ObserveContext,
): Promise<Findings> {
  const said = task.Status?.Err ?? "";
  try {
    if (/No such image/.test(said)) return await whyNoImage(task, context);
    const id = task.Status?.ContainerStatus?.ContainerID;
    if (!id || hostname === undefined || !context.nodes.includes(hostname)) return NOTHING;
    const engine = await within(context.node(hostname), TIMEOUT_MS, "late");
    const container = await within(engine.containers.inspect(id), TIMEOUT_MS, "late");
    return describeContainer(container, task);
  } catch {
    return NOTHING;
  }
}

async function whyNoImage(task: LiveTask, context: ObserveContext): Promise<Findings> {
  const image = task.Spec?.ContainerSpec?.Image ?? "";
  try {
    await askRegistry(image, context);
    return NOTHING;
  } catch (error) {
    const anonymous = context.registryAuth(image) === undefined ? " without credentials" : "";
    return {
      lines: [`asked for it${anonymous}, the registry says: ${cause(error)}`],
      remedies: registryRemedies(cause(error), image),
    };
  }
}

/** What registries and the way to them answer, and what to do about it; the first match counts. */
const REGISTRY: readonly (readonly [RegExp, (registry: string) => string])[] = [
  [
    /toomanyrequests|pull rate limit|429/i,
    (registry) =>
      `log in to ${registry} (swarmyard:registries), which allows more pulls, wait, or push the image to the environment's registry`,
  ],
  [
    /unauthorized|denied|no basic auth|authentication required|401|403/i,
    (registry) =>
      `correct \`image\`, or give a login that may read it: \`${registry}\` in swarmyard:registries; one that expired needs its password set again (npm run secret -- set)`,
  ],
  [
    /server gave HTTP response to HTTPS client/,
    (registry) =>
      `TLS for that registry, or \`insecure-registries: [${registry}]\` in \`daemon\` of the groups`,
  ],
  [
    /x509: certificate/,
    (registry) =>
      `a certificate that the nodes trust: its CA in /etc/docker/certs.d/${registry}/ca.crt on every node; if it "is not yet valid" or "has expired", look at the nodes' clocks too`,
  ],
  [
    /no matching manifest/,
    () => "build the image for the nodes' platform, or place the service on nodes of the image's",
  ],
  [
    /no such host|i\/o timeout|no answer within|connection refused|network is unreachable|no route to host/,
    (registry) =>
      `let the nodes reach ${registry}: its name, the network, or a proxy (\`proxies\` in \`daemon\` of the groups)`,
  ],
];

/** What to do about a registry's answer; none when only the image's name can be wrong. Pure. */
export function registryRemedies(said: string, image: string): readonly string[] {
  const found = REGISTRY.find(([pattern]) => pattern.test(said));
  return found === undefined ? [] : [found[1](registryOf(image))];
}

/** What a dead container reveals. Pure. */
export function describeContainer(
  { State = {} }: Pick<LiveContainer, "State">,
  task: LiveTask,
): Findings {
  if (State.OOMKilled === true) {
    const limit = task.Spec?.Resources?.Limits?.MemoryBytes;
    return limit
      ? {
          lines: [`it ran out of memory: its limit is ${readableBytes(limit)}`],
          remedies: [
            "raise `resources.limits.memory` of the service, or make the program use less",
          ],
        }
      : {
          lines: ["it ran out of memory: the node had no more"],
          remedies: ["give the service `resources` and the nodes more memory"],
        };
  }
  const last = (State.Health?.Log ?? []).at(-1);
  if (last === undefined || (last.ExitCode ?? 0) === 0) return NOTHING;
  const words = printable(last.Output ?? "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-LINES);
  return {
    lines: [
      `its health check ended with exit code ${last.ExitCode}${words.length === 0 ? " and said nothing" : ":"}`,
      ...words.map((line) => `  ${line}`),
    ],
    remedies: [],
  };
}
