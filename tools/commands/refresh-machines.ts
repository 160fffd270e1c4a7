import { NEW_IMAGE_VARIABLE } from "../../components/hosts/aws/new-image";
import type { Arguments } from "../arguments";
import { destructiveSteps, protectedOnes, type Step } from "../report/destruction";
import { hintsFor } from "../report/hints";
import { readOutputs } from "../report/outputs";
import {
  otherSteps,
  replaceable,
  type StaleMachine,
  staleMachines,
} from "../report/stale-machines";
import { requireName } from "../setup/ask";
import { Exit, Failure } from "../setup/failure";
import { lastLetters, lastLines } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { openSession, type Session } from "../setup/session";
import { statedEnvironment } from "../setup/stated-environment";
import { openStack, report } from "./up";

/**
 * Replaces machines on AWS that would start from a newer image today, one after the other: each is drained
 * first, and the next one waits until everything runs again.
 */
export async function refreshMachines(args: Arguments, progress: Progress): Promise<void> {
  const { stack: name } = args;
  const { names, firstManager } = await candidates(name);
  const session = await openSession(name, progress);
  await openStack(session);
  const stale = await findStale(session, names);
  const stays = [
    `${firstManager} stays: its machine carries the identity of the swarm.`,
    `To refresh it too, set swarmyard:swarm.firstManager to another manager, run npm run up -- -s ${name}, then this command again.`,
  ];
  if (stale.machines.length === 0) {
    for (const line of ["Every other machine has the newest image.", ...stays]) progress.line(line);
    return;
  }
  progress.line(`This replaces ${stale.machines.length} machines of ${name}, one at a time:`);
  for (const line of stale.lines) progress.line(line);
  const again = `npm run refresh-machines -- -s ${name} --yes`;
  if (args.yes !== true) await requireName(name, again);
  for (const [index, machine] of stale.machines.entries()) {
    await replace(session, machine, stale.machines.length - index - 1);
  }
  for (const line of stays) progress.line(line);
}

/** Names of machines that can be replaced, from the environment's file. */
async function candidates(stack: string) {
  const environment = await statedEnvironment(stack);
  if (environment.aws === undefined) {
    throw new Failure(
      `${stack} has no machines on AWS: only those start from images that others make.`,
    );
  }
  return { names: replaceable(environment), firstManager: environment.swarm.firstManager };
}

/** What a preview says of machines that may take a newer image; nothing else may be destroyed with them. */
async function findStale(session: Session, names: readonly string[]) {
  const { stack, progress } = session;
  const resources = (await stack.export()).deployment?.resources ?? [];
  if (protectedOnes(resources).length > 0) {
    throw new Failure(
      `${stack.name} is protected: no machine may be replaced.`,
      `Set swarmyard:protected to false in Pulumi.${stack.name}.yaml, run npm run up -- -s ${stack.name}, and this command again.`,
    );
  }
  const { status, stdout, stderr } = await progress.during(`comparing ${stack.name}`, () =>
    stack.previewJson([], { [NEW_IMAGE_VARIABLE]: names.join(",") }),
  );
  if (status !== 0) {
    throw new Failure(`The preview of ${stack.name} failed.`, lastLines(stderr || stdout, 20));
  }
  const steps: readonly Step[] = JSON.parse(stdout).steps ?? [];
  const machines = staleMachines(steps, names);
  const { destroyed, givenBack } = destructiveSteps(otherSteps(steps, machines));
  const others = [...destroyed, ...givenBack];
  if (others.length > 0) {
    throw new Failure(
      `An up of ${stack.name} would also destroy something else, or give machines back:\n${others.join("\n")}`,
      `Run first: npm run up -- -s ${stack.name}`,
    );
  }
  return { machines, lines: machines.map(({ name }) => `  ${name}, with what is on its disk`) };
}

async function replace(session: Session, { name, urn }: StaleMachine, left: number): Promise<void> {
  const { stack, progress } = session;
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", "--replace", urn];
  let said = "";
  const watch = (text: string) => {
    said = lastLetters(said + text);
  };
  const env = { [NEW_IMAGE_VARIABLE]: name };
  const status = await stack.show(`replacing ${name}`, args, { watch, env });
  if (status !== 0) {
    for (const hint of hintsFor(said, stack.name)) progress.line(hint);
    progress.line(`${name} could not be replaced; ${left} machines after it stay as they are.`);
    throw new Exit(status);
  }
  await report(session, await readOutputs(stack));
}
