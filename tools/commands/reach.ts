import type { Environment } from "../../components/config/environment/environment";
import { managerPortOf } from "../../components/config/environment/swarm";
import { environmentPath } from "../../components/config/file/find";
import type { Endpoint } from "../../components/engine/endpoints";
import { quote } from "../../components/model/quote";
import { lazily } from "../../components/runtime/lazily";
import type { Arguments } from "../arguments";
import { readOutputs } from "../report/outputs";
import { checkReach, type Declared, type RunOn, renderReach } from "../report/reach";
import { sshConfigFile, writeSshFiles } from "../report/ssh-files";
import { Exit, Failure } from "../setup/failure";
import { root } from "../setup/folders";
import { capture, lastLines } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openForReading, type Session } from "../setup/session";
import { endpointsIn } from "../setup/state-secrets";

/** How long one script may take on one host. */
const SCRIPT_MS = 20_000;

/** Has every node try every other one on the swarm's ports, and says what is blocked. */
export async function reach({ stack: name }: Arguments, progress: Progress): Promise<void> {
  const session = await openForReading(name, progress);
  const { lines, fine } = await tryAll(session);
  for (const line of lines) progress.line(line);
  if (!fine) throw new Exit(1);
}

/** What `npm run reach` prints. @throws Failure when there are no hosts yet */
export async function tryAll({
  stack,
  folders,
  progress,
}: Pick<Session, "stack" | "folders" | "progress">): Promise<{
  readonly lines: readonly string[];
  readonly fine: boolean;
}> {
  const { readEnvironmentFile } = await lazily(
    () => import("../../components/config/file/environment-file.js"),
    () => require("../../components/config/file/environment-file"),
  );
  const { environment } = readEnvironmentFile(environmentPath(root, stack.name));
  const outputs = await readOutputs(stack);
  // An `up` that failed before the end has no outputs, but the state has what it made.
  const endpoints =
    outputs.endpoints.length > 0 ? outputs.endpoints : endpointsIn(await stack.exportClear());
  if (endpoints.length === 0) {
    throw new Failure(
      `The environment ${stack.name} has no hosts yet.`,
      `Run: npm run up -- -s ${stack.name}`,
    );
  }
  writeSshFiles(folders, stack.name, endpoints);
  const run = overSsh(sshConfigFile(folders, stack.name), endpoints);
  const checked = await progress.during("trying every node from every other", () =>
    checkReach(declaredIn(environment, endpoints), environment?.swarm.dataPathPort, run),
  );
  const fine = checked.blocked.length + checked.silent.size === 0;
  return { lines: renderReach(checked), fine };
}

/** Hosts that can be reached, with what the settings say of them. Pure. */
export function declaredIn(
  environment: Pick<Environment, "hosts"> | undefined,
  endpoints: readonly Endpoint[],
): readonly Declared[] {
  const hosts = new Map(environment?.hosts.map((host) => [host.name, host]));
  return endpoints.map(({ name, role }) => {
    const { advertise } = hosts.get(name)?.addresses ?? {};
    const managerPort = managerPortOf(hosts.get(name)?.addresses);
    return { name, role, managerPort, ...(advertise === undefined ? {} : { advertise }) };
  });
}

function overSsh(config: string, endpoints: readonly Endpoint[]): RunOn {
  const users = new Map(endpoints.map(({ name, user }) => [name, user]));
  return async (host, script, input) => {
    const sudo = users.get(host) === "root" ? "" : "sudo -n ";
    const command = `${sudo}bash -c ${quote(`set -euo pipefail\n${script}`)}`;
    const options = ["-F", config, "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];
    const { status, stdout, stderr } = await capture("ssh", [...options, host, command], {
      input,
      timeoutMs: SCRIPT_MS,
    });
    if (status === 0) return stdout;
    const late = `no answer within ${SCRIPT_MS / 1000} s`;
    throw new Error(status === 124 ? late : lastLines(stderr, 1) || `exit status ${status}`);
  };
}
