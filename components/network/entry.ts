import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { localInfrastructure, localPort } from "../config/addresses";
import type { Environment } from "../config/environment";
import { engineImage } from "./engine-image";
import { type EntryPort, entryConfig, sortPorts } from "./entry-config";
import { localName, stackLabels } from "./labels";
import type { LocalNetwork } from "./local";
import { containerLogs } from "./logs";

/** Arguments of a LocalEntry. */
export interface LocalEntryArgs {
  readonly environment: Environment;
  readonly network: LocalNetwork;
  /** All hosts by name with their addresses on the network. */
  readonly nodes: readonly { readonly name: string; readonly address: pulumi.Input<string> }[];
  readonly ports: readonly EntryPort[];
}

/**
 * Leads from 127.0.0.1 to what platforms publish: one container that passes each TCP port on to
 * whichever nodes answer on it. Another port replaces this container only. It makes nothing when
 * no TCP port is published; ports of other protocols are named in a warning.
 *
 * @example
 * new LocalEntry("entry", { environment, network, nodes, ports: [{ published: 8080, protocol: "tcp" }] });
 */
export class LocalEntry extends pulumi.ComponentResource {
  /** The forwarder; undefined when there is nothing to forward. */
  public readonly container?: docker.Container;

  constructor(name: string, args: LocalEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { tcp, other } = sortPorts(args.ports);
    super("swarm:network:Entry", name, { ports: tcp }, opts);
    for (const port of other) {
      pulumi.log.warn(
        `Port ${port.published}/${port.protocol} is not led to 127.0.0.1: only TCP is. It is open on the nodes' own addresses.`,
        this,
      );
    }
    if (tcp.length > 0) this.container = this.forward(name, args, tcp);
    this.registerOutputs({});
  }

  private forward(name: string, args: LocalEntryArgs, tcp: readonly number[]): docker.Container {
    const { environment, network } = args;
    const image = engineImage(
      `${name}-image`,
      { repository: "swarmyard/entry", folder: join(__dirname, "entry-image") },
      { parent: this },
    );
    const nodes = pulumi.all(
      args.nodes.map((node) => pulumi.output({ name: node.name, address: node.address })),
    );
    return new docker.Container(
      `${name}-forwarder`,
      {
        name: localName(environment.name, "entry"),
        image: image.imageId,
        // Any other mode would attach the container before its fixed address is asked for.
        networkMode: "bridge",
        networksAdvanced: [
          { name: network.networkName, ipv4Address: localInfrastructure(environment).forwarder },
        ],
        ports: tcp.map((port) => ({
          internal: port,
          external: localPort(environment, port),
          ip: "127.0.0.1",
          protocol: "tcp",
        })),
        uploads: [
          {
            file: "/etc/haproxy/haproxy.cfg",
            content: nodes.apply((list) => entryConfig(tcp, list)),
          },
        ],
        labels: stackLabels("entry"),
        ...containerLogs,
        init: true,
        restart: "unless-stopped",
        mustRun: false,
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }
}
