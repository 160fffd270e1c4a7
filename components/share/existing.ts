import * as pulumi from "@pulumi/pulumi";
import type { ExistingShareSettings } from "../config/environment/environment";
import { forgetSeenScript, seenScript } from "./seen-script";
import type { AmongMachines, Share } from "./share";

/** Arguments of an ExistingShare. */
export interface ExistingShareArgs {
  readonly settings: ExistingShareSettings;
  /** Name of the machine that writes the file for which the others look. */
  readonly first: string;
}

/**
 * A folder that all machines see already, such as a mount that somebody set up. One machine writes a small
 * file, and every other one must see it. Nothing else on it is touched.
 *
 * @example
 * const share = new ExistingShare("share", { settings: environment.share, first: "db-0" });
 */
export class ExistingShare extends pulumi.ComponentResource implements Share {
  public readonly path: string;
  public readonly among: AmongMachines;
  public readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExistingShareArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings, first: writer } = args;
    const { path: target } = settings;
    super("swarm:share:Existing", name, { path: target }, opts);
    this.path = target;
    const { text, stdin } = seenScript;
    this.among = {
      first: writer,
      mountOn: ({ name: own, first }) => ({
        script: text,
        stdin: pulumi
          .output(first?.said ?? "")
          .apply((said) => stdin({ target, own, writer, mark: said.trim() })),
        after: [],
        undo: forgetSeenScript,
      }),
    };
    this.registerOutputs({ path: this.path });
  }
}
