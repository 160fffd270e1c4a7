import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { overlaySubnet } from "../plan";
import type { Command } from "../processes";
import { Ours } from "../subjects/ours";

/** Value of the variable that tasks of the compose file have. */
export const loadVersion = "load";

/** A swarm of ours with one small service, to which a compose file is added and from which it is removed. */
export class ComposeYard extends Ours {
  /** The next `up` has the services of this file too; undefined: it has none. */
  public load(compose: string | undefined): void {
    const folder = join(this.folder, "platforms", "load");
    mkdirSync(folder, { recursive: true });
    if (compose !== undefined) writeFileSync(join(folder, "compose.yaml"), compose);
    const file = join(this.folder, "Pulumi.bench.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    const platforms = ["config", "swarmyard:platforms"];
    if (compose === undefined) document.deleteIn([...platforms, "load"]);
    else document.setIn([...platforms, "load"], document.createNode({ rollout }));
    writeFileSync(file, document.toString());
  }

  public run(command: "up" | "preview"): Command {
    return this.npm(command);
  }
}

const rollout = { timeout: "15m", steady: "0s" };

/** A compose file with this many services of one task. Pure. */
export function composeFile(image: string, services: number): string {
  const service = {
    image,
    environment: { VERSION: loadVersion },
    deploy: {
      endpoint_mode: "dnsrr",
      placement: { constraints: ["node.labels.bench == true"] },
    },
  };
  const entries = Array.from({ length: services }, (_, n) => [`s${n}`, service]);
  // Not the network of the small service, which has the other half.
  const [address = ""] = overlaySubnet.split("/");
  const subnet = `${address.replace(".201.", ".203.")}/20`;
  const file = {
    version: "3.8",
    services: Object.fromEntries(entries),
    networks: { default: { ipam: { config: [{ subnet }] } } },
  };
  return stringify(file, { aliasDuplicateObjects: false });
}
