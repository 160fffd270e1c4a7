import { connect } from "../../components/engine/transport";
import type { Arguments } from "../arguments";
import { hintsFor } from "../report/hints";
import { type Outputs, pageLines, readOutputs } from "../report/outputs";
import { observer, type Seen, see, whySilent } from "../report/running";
import { sshCommand, sshConfigFile, writeSshFiles } from "../report/ssh-files";
import { renderEnvironment } from "../report/table";
import { keepAddresses } from "../setup/addresses";
import { Exit } from "../setup/failure";
import { heal } from "../setup/heal";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { wake } from "../setup/wake";

/** Makes the environment, or brings it up to date, and says where it is. */
export async function up({ stack: name, rest }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  await openStack(session);
  if (!rest.includes("--preview-only")) await wake(session.owner, name, progress);
  // The tables at the end say what the outputs do; after an error they would push it off the screen.
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", ...rest];
  let said = "";
  const watch = (text: string) => {
    said += text;
  };
  const status = await session.stack.show(`bringing up ${name}`, args, { watch });
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
export async function openStack(session: Session): Promise<void> {
  const { stack, file, folders, progress } = session;
  await heal(stack, file.project, folders, progress);
  await stack.ensure();
  await keepAddresses(session);
}

/** Shows what runs where. @throws Exit when that is not all, or nobody can tell */
async function report({ stack, folders, progress }: Session, outputs: Outputs): Promise<void> {
  const ssh = (node: string) => sshCommand(sshConfigFile(folders, stack.name), node);
  const { seen, problems } = await progress.during("asking the swarm", () =>
    askSwarm(outputs, stack.name, ssh, progress),
  );
  for (const line of [...renderEnvironment(outputs, seen, ssh), ...problems]) {
    progress.line(line);
  }
  if (problems.length > 0) throw new Exit(1);
  for (const line of pageLines(outputs)) progress.line(line);
}

async function askSwarm(
  { endpoints, services }: Outputs,
  stack: string,
  ssh: (node: string) => string,
  progress: Progress,
): Promise<{ readonly seen?: Seen; readonly problems: readonly string[] }> {
  // A part of an environment may have no machines yet.
  if (endpoints.length === 0) return { problems: [] };
  const transport = connect(endpoints);
  const context = observer(transport, stack, (line) => progress.line(line));
  const managers = endpoints.filter(({ role }) => role === "manager");
  try {
    const seen = await see(Object.values(services).flat(), managers, context, ssh);
    return { seen, problems: seen.problems };
  } catch (error) {
    return { problems: whySilent(error, stack, ssh) };
  } finally {
    transport.close();
  }
}
