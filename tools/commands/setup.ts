import type { Arguments } from "../arguments";
import type { Progress } from "../setup/progress";
import { prepareMachine } from "../setup/session";

/** Sets this machine up: installs and starts what is missing, and changes nothing else. */
export async function setup(_: Arguments, progress: Progress): Promise<void> {
  const { pulumi } = await prepareMachine(progress);
  progress.line(`This machine is ready: a Docker engine answers, and Pulumi is ${pulumi.command}.`);
}
