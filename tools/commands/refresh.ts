import { within } from "../../components/engine/deadline";
import type { Endpoint } from "../../components/engine/endpoints";
import { connect } from "../../components/engine/transport";
import type { Arguments } from "../arguments";
import { readOutputs, requireEndpoints } from "../report/outputs";
import { whySilent } from "../report/running";
import { sshCommand, sshConfigFile, writeSshFiles } from "../report/ssh-files";
import { Exit, Failure } from "../setup/failure";
import type { Progress } from "../setup/progress";
import { openSession } from "../setup/session";
import { unlock } from "../setup/unlock";
import { openStack } from "./up";

/** How long a manager may take to answer before the refresh is refused. */
const answerMs = 30_000;

/** Reads the real state of everything, unless no manager answers. */
export async function refresh({ stack: name, rest }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  await openStack(session);
  await unlock(session);
  const endpoints = requireEndpoints(await readOutputs(session.stack), name);
  const ssh = (node: string) => sshCommand(sshConfigFile(session.folders, name), node);
  await progress.during("contacting the managers", () => requireManager(endpoints, name, ssh));
  const args = ["refresh", "--yes", "--skip-preview", ...byField(rest), ...rest];
  const status = await session.stack.show(`refreshing ${name}`, args);
  if (status !== 0) throw new Exit(status);
  writeSshFiles(session.folders, name, requireEndpoints(await readOutputs(session.stack), name));
}

/** What somebody changed is only seen by field: it is asked for where the options say nothing else. Pure. */
export function byField(options: readonly string[]): readonly string[] {
  const json = options.some((word) => word === "--json" || word === "-j");
  return json || options.some((word) => word.startsWith("--diff")) ? [] : ["--diff"];
}

/**
 * Refuses a refresh that could only report everything as gone or unreachable.
 *
 * @throws Failure when no manager answers in time
 */
export async function requireManager(
  endpoints: readonly Endpoint[],
  stack: string,
  ssh: (node: string) => string,
  dial: typeof connect = connect,
  timeMs: number = answerMs,
): Promise<void> {
  const transport = dial(endpoints);
  const late = `no answer within ${timeMs / 1000} s`;
  try {
    await within(
      transport.manager().then((manager) => manager.info()),
      timeMs,
      late,
    );
  } catch (error) {
    const managers = endpoints.filter(({ role }) => role === "manager").map(({ name }) => name);
    throw new Failure(
      `No manager of ${stack} answers (${managers.join(", ")}). Nothing was refreshed or changed.`,
      whySilent(error, stack, ssh).join("\n"),
    );
  } finally {
    transport.close();
  }
}
