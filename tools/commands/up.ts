import { connect } from "../../components/engine/transport";
import type { Arguments } from "../arguments";
import { hintsFor } from "../report/hints";
import { type Live, readLive } from "../report/live";
import { type Outputs, readOutputs } from "../report/outputs";
import { complaints, settle } from "../report/settle";
import { sshCommand, sshConfigFile, writeSshFiles } from "../report/ssh-files";
import { renderEnvironment } from "../report/table";
import { Exit, messageOf } from "../setup/failure";
import { heal } from "../setup/heal";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";

/** Makes the environment, or brings it up to date, and says where it is. */
export async function up({ stack: name, rest }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  await openStack(session);
  // The tables at the end say what the outputs do; after an error they would push it off the screen.
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", ...rest];
  let said = "";
  const status = await session.stack.show(`bringing up ${name}`, args, (text) => {
    said += text;
  });
  if (status !== 0) {
    for (const hint of hintsFor(said, name)) {
      progress.line(hint);
    }
    throw new Exit(status);
  }
  const outputs = await readOutputs(session.stack);
  if (outputs.endpoints.length > 0) {
    writeSshFiles(session.folders, name, outputs.endpoints);
  }
  await report(session, outputs);
}

/** Puts right what a killed run left and makes the stack when it is missing. */
export async function openStack({ stack, file, folders, progress }: Session): Promise<void> {
  await heal(stack, file.project, folders, progress);
  await stack.ensure();
}

/** Shows what runs where. @throws Exit when a service lacks tasks although there was time */
async function report({ stack, folders, progress }: Session, outputs: Outputs): Promise<void> {
  const config = sshConfigFile(folders, stack.name);
  const names = Object.values(outputs.services).flat();
  const live = await progress.during("asking the swarm", () => askSwarm(outputs, names, progress));
  const ssh = (node: string) => sshCommand(config, node);
  for (const line of renderEnvironment(outputs, live, ssh)) {
    progress.line(line);
  }
  const problems = live === undefined ? [] : complaints(live, names, stack.name);
  if (problems.length > 0) {
    for (const line of problems) progress.line(line);
    throw new Exit(1);
  }
  if (outputs.open !== undefined) {
    progress.line(`Open ${outputs.open}`);
  }
}

async function askSwarm(
  outputs: Outputs,
  names: readonly string[],
  progress: Progress,
): Promise<Live | undefined> {
  const transport = connect(outputs.endpoints);
  const say = (line: string) => progress.line(line);
  try {
    if (outputs.endpoints.length === 0) return undefined;
    return await settle(() => readLive(transport), { names, say });
  } catch (error) {
    progress.line(`The swarm could not be asked: ${messageOf(error)}`);
    return undefined;
  } finally {
    transport.close();
  }
}
