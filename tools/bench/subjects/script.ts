import type { Size } from "../options";
import type { Prepared } from "../plan";
import type { Command } from "../processes";
import { secretName } from "../stack-file";
import type { Step } from "../steps";
import { Peer } from "./peer";

/** A hand-written shell script. It has no preview. */
export class Script extends Peer {
  constructor(size: Size, prepared: Prepared) {
    super("script", size, prepared);
  }

  protected run({ command, variation }: Step): Command | undefined {
    if (command === "preview") return undefined;
    const { plan } = this;
    const settings = {
      name: plan.name,
      subnet: plan.subnet,
      gateway: plan.gateway,
      registry: plan.registryAddress,
      port: plan.registryPort,
      node_image: plan.images.node,
      registry_image: plan.images.registry,
      app_image: plan.images.app,
      overlay: plan.overlay,
      secret: secretName(variation.secret),
      missing: plan.missingCapabilities.join(" "),
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key}='${value}'`);
    this.file("plan.env", `${lines.join("\n")}\n`);
    const hosts = plan.hosts.map(({ name, address, port }) => `${name} ${address} ${port}`);
    this.file("hosts", `${hosts.join("\n")}\n`);
    return this.here("bash", ["swarm.sh", command]);
  }
}
