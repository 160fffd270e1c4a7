import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../components/engine/transport";
import type { Arguments } from "../arguments";
import { readOutputs, requireEndpoints } from "../report/outputs";
import { whySilent } from "../report/running";
import { printLogs, printsLogs } from "../report/service-logs";
import { sshCommand, sshConfigFile } from "../report/ssh-files";
import { Exit, Failure } from "../setup/failure";
import { interruption } from "../setup/interruption";
import { ending, findCommand } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openForReading } from "../setup/session";

/** Runs a docker command on the swarm, through any manager that answers. */
export async function docker({ stack: name, rest }: Arguments, progress: Progress): Promise<void> {
  if (findCommand("docker") === undefined) {
    throw new Failure("There is no docker command on this machine.", "Run: npm run up");
  }
  const { stack, folders } = await openForReading(name, progress);
  const endpoints = requireEndpoints(await readOutputs(stack), name);
  const transport = connect(endpoints);
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-"));
  const stop = interruption.forward(() => undefined);
  try {
    await transport.manager().catch((error: unknown) => {
      const ssh = (node: string) => sshCommand(sshConfigFile(folders, name), node);
      throw new Failure(whySilent(error, name, ssh).join("\n"));
    });
    const socket = join(folder, "docker.sock");
    const close = await transport.forwardSocket(socket);
    const logs = () =>
      printLogs(({ stdout, stderr }) => runDocker(rest, socket, [stdout, stderr]), folder);
    const status = await (printsLogs(rest) ? logs() : runDocker(rest, socket)).finally(close);
    if (status !== 0) throw new Exit(status);
  } finally {
    stop();
    transport.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the exit status */
function runDocker(
  args: readonly string[],
  socket: string,
  [stdout, stderr]: readonly ("inherit" | number)[] = ["inherit", "inherit"],
): Promise<number> {
  const { DOCKER_CONTEXT: _context, ...env } = process.env;
  const child = spawn("docker", args, {
    stdio: ["inherit", stdout, stderr],
    env: { ...env, DOCKER_HOST: `unix://${socket}`, DOCKER_TLS_VERIFY: "" },
  });
  const forget = interruption.watch(child);
  return ending(child).finally(forget);
}
