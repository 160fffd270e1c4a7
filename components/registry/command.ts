import { local } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

/** Runs bash on this machine, again when the script or its input changes. */
export function commandHere(
  name: string,
  text: pulumi.Input<string>,
  stdin: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): local.Command {
  const interpreter = ["bash", "-c"];
  const args = { create: text, update: text, stdin, interpreter, addPreviousOutputInEnv: false };
  return new local.Command(name, args, opts);
}
