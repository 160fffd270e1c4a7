import { connect } from "../../components/engine/transport";
import type { Arguments } from "../arguments";
import { hintsFor } from "../report/hints";
import { type Outputs, readOutputs } from "../report/outputs";
import { observer, type Seen, see, whySilent } from "../report/running";
import { sshCommand, sshConfigFile, writeSshFiles } from "../report/ssh-files";
import { renderEnvironment } from "../report/table";
import { Exit } from "../setup/failure";
import { heal } from "../setup/heal";
import { lastLetters } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { wake } from "../setup/wake";
import { brakeUp } from "./brake";

/** Creates or updates the environment, and prints how to reach it. */
export async function up({ stack: name, rest, yes }: Arguments, progress: Progress): Promise<void> {
  const session = await openSession(name, progress);
  await openStack(session);
  if (yes !== true) await brakeUp(session, rest);
  if (!rest.includes("--preview-only")) await wake(session.owner, name, progress);
  // The final tables show the outputs; after an error the outputs would push it off the screen.
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", ...rest];
  let said = "";
  const status = await session.stack.show(`bringing up ${name}`, args, (text) => {
    said = lastLetters(said + text);
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

/** Cleans up after a killed run and creates the stack if it is missing. */
export async function openStack({ stack, file, folders, progress }: Session): Promise<void> {
  await heal(stack, file.project, folders, progress);
  await stack.ensure();
}

/** Shows what runs where. @throws Exit when not everything runs, or no manager answers */
async function report({ stack, folders, progress }: Session, outputs: Outputs): Promise<void> {
  const ssh = (node: string) => sshCommand(sshConfigFile(folders, stack.name), node);
  const { seen, problems } = await progress.during("contacting the swarm", () =>
    askSwarm(outputs, stack.name, ssh, progress),
  );
  for (const line of [...renderEnvironment(outputs, seen, ssh), ...problems]) {
    progress.line(line);
  }
  if (problems.length > 0) throw new Exit(1);
  if (outputs.open !== undefined) {
    progress.line(`Open ${outputs.open}`);
  }
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
