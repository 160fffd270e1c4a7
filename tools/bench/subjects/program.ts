import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Size } from "../options";
import type { Prepared } from "../plan";
import type { Command } from "../processes";
import type { Step } from "../steps";
import { checkout } from "./ours";
import { Peer } from "./peer";

/** A plain program with @pulumi/docker, run by the same Pulumi. */
export class Program extends Peer {
  constructor(
    size: Size,
    private readonly prepared: Prepared,
  ) {
    super("docker", size, prepared);
    this.link(join(checkout, "node_modules"), "node_modules");
  }

  protected run({ command }: Step): Command {
    const { command: pulumi, home } = this.prepared.pulumi;
    return this.here("bash", ["run.sh", command], {
      PATH: `${join(pulumi, "..")}:${process.env.PATH}`,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: pathToFileURL(join(this.folder, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
  }
}
