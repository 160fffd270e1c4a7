import type { ObserveContext } from "./context";
import { dockerCommand } from "./docker-command";
import type { Verdict } from "./judge";
import { type Findings, postMortem } from "./post-mortem";
import { lastLog } from "./task-log";

/**
 * One text for each service that is not steady: why, what its newest failed task left (log,
 * health check), and a fix.
 */
export async function problemsOf(
  verdicts: ReadonlyMap<string, Verdict>,
  when: string,
  context: ObserveContext,
): Promise<string[]> {
  const bad = [...verdicts].filter(([, { state }]) => state !== "steady");
  return await Promise.all(
    bad.map(async ([name, verdict]) => {
      const task = verdict.failedTask;
      const none: [Findings, string[]] = [{ lines: [], remedies: [] }, []];
      const [found, log] = task
        ? await Promise.all([postMortem(task, verdict.failedOn, context), lastLog(task, context)])
        : none;
      const full = await fullNetworks(verdict.unallocated ?? [], context);
      const remedies = found.remedies.length > 0 ? found.remedies : verdict.remedies;
      const what = verdict.job
        ? `job ${name} is not done${when}:`
        : `service ${name} is not running as it should${when}:`;
      return tell(what, {
        reasons: [...verdict.reasons, ...found.lines, ...full.lines],
        log,
        remedies: [...remedies, ...full.remedies],
        more: task === undefined ? undefined : `${dockerCommand(context)} service logs ${name}`,
      });
    }),
  );
}

/** Networks that have no address left, as far as anybody can tell: Docker says it in the leader's log only. */
async function fullNetworks(ids: readonly string[], context: ObserveContext): Promise<Findings> {
  if (ids.length === 0) return { lines: [], remedies: [] };
  const docker = await context.manager();
  const found = await Promise.all(ids.map((id) => docker.swarmNetwork(id).catch(() => undefined)));
  const names = found.flatMap((one) => {
    if (one === undefined) return [];
    const subnets = (one.IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []);
    return [`${one.Name}${subnets.length === 0 ? "" : ` (${subnets.join(", ")})`}`];
  });
  if (names.length === 0) return { lines: [], remedies: [] };
  const line = `swarm gives its tasks no address: most likely none is left on the network ${names.join(" or ")}`;
  return { lines: [line], remedies: ["a larger `subnet` for the network, or fewer tasks on it"] };
}

/** A problem in lines: what, why, the log, what to do. Pure. */
export function tell(
  what: string,
  about: {
    readonly reasons: readonly string[];
    readonly log: readonly string[];
    readonly remedies: readonly string[];
    /** Command that shows more of the log. */
    readonly more: string | undefined;
  },
): string {
  const { reasons, log, remedies, more } = about;
  const tail = log.map((line) => `    ${line}`);
  return [
    what,
    ...reasons.map((reason) => `  ${reason}`),
    ...(log.length === 0 ? [] : ["  last lines of its log:", ...tail]),
    ...remedies.map((remedy) => `  what to do: ${remedy}`),
    ...(log.length === 0 || more === undefined ? [] : [`  its whole log: ${more}`]),
  ].join("\n");
}
