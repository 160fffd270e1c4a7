import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../setup/folders";
import type { Pulumi } from "../../setup/pulumi";
import type { Command } from "../measure";
import type { Size } from "../options";
import type { Images } from "../plan";
import type { Step } from "../steps";
import { Peer } from "./peer";

/** A plain program with @pulumi/docker, run by the same Pulumi. */
export class Program extends Peer {
  constructor(
    size: Size,
    images: Images,
    private readonly pulumi: Pulumi,
  ) {
    super("docker", size, images);
    this.link(join(root, "node_modules"), "node_modules");
  }

  protected run({ command }: Step): Command {
    const { command: pulumi, home } = this.pulumi;
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
