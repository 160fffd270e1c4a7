import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { forwarderAddresses, localPort } from "../../config/environment/addresses";
import type { Environment } from "../../config/environment/environment";
import type { PublishedPort } from "../../config/environment/published-ports";
import { type EngineImageArgs, engineImage } from "../../local-engine/image";
import { localName, stackLabels } from "../../local-engine/labels";
import { containerLogs } from "../../local-engine/logs";
import { buildArguments, FIRST_ENGINE, type LocalEngine } from "../../model/local-engines";
import { entryConfig, portsByPlatform, sortPorts } from "./entry-config";
import type { LocalNetwork } from "./network";

/** Arguments of a LocalEntry. */
export interface LocalEntryArgs {
  readonly environment: Environment;
  readonly network: LocalNetwork;
  readonly ports: readonly PublishedPort[];
}

/** What the image is built from. The folder of Debian 12's is an input of resources that exist. */
export function entryImage(engine: LocalEngine): EngineImageArgs {
  const repository = "swarmyard/entry";
  return engine === FIRST_ENGINE
    ? { repository, folder: join(__dirname, "../entry-image") }
    : { repository, folder: __dirname, args: buildArguments(engine) };
}

/** One platform's container. */
interface Forwarder {
  readonly platform: string;
  readonly tcp: readonly number[];
  readonly address: string;
  readonly imageId: pulumi.Input<string>;
}

/**
 * Forwards 127.0.0.1 to published ports: one container per platform passes each TCP port on to
 * the nodes that answer on it. Adding, removing or changing a platform touches only its own
 * container; adding or removing a node touches none. It creates nothing when no TCP port is
 * published, and warns about ports of other protocols.
 *
 * @example
 * new LocalEntry("entry", { environment, network, ports: [{ platform: "demo", published: 8080, protocol: "tcp" }] });
 */
export class LocalEntry extends pulumi.ComponentResource {
  /** The forwarders by platform. */
  public readonly containers: ReadonlyMap<string, docker.Container>;

  constructor(name: string, args: LocalEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { tcp, other } = sortPorts(args.ports);
    super("swarm:network:Entry", name, { ports: tcp }, opts);
    for (const port of other) {
      pulumi.log.warn(
        `Port ${port.published}/${port.protocol} is not forwarded to 127.0.0.1: only TCP is. It is open on the nodes' own addresses.`,
        this,
      );
    }
    this.containers = tcp.length === 0 ? new Map() : this.forwardAll(name, args);
    this.registerOutputs({});
  }

  private forwardAll(name: string, args: LocalEntryArgs): ReadonlyMap<string, docker.Container> {
    const { imageId } = engineImage(`${name}-image`, entryImage(args.network.settings.engine), {
      parent: this,
    });
    const served = portsByPlatform(args.ports.filter(({ protocol }) => protocol === "tcp"));
    const addresses = forwarderAddresses(args.network.settings, [...served.keys()]);
    return new Map(
      [...served].map(([platform, ports]) => {
        const address = addresses.get(platform);
        if (address === undefined) throw new Error(`no address is free for ${platform}'s ports`);
        const { tcp } = sortPorts(ports);
        return [platform, this.forward(name, args, { platform, tcp, address, imageId })];
      }),
    );
  }

  private forward(name: string, args: LocalEntryArgs, forwarder: Forwarder): docker.Container {
    const { environment, network } = args;
    const { platform, tcp, address, imageId } = forwarder;
    return new docker.Container(
      `${name}-${platform}`,
      {
        name: localName(environment.name, "entry", platform),
        image: imageId,
        // Any other mode would attach the container before its fixed address is set.
        networkMode: "bridge",
        networksAdvanced: [{ name: network.networkName, ipv4Address: address }],
        ports: tcp.map((port) => ({
          internal: port,
          external: localPort(network.settings, port),
          ip: "127.0.0.1",
          protocol: "tcp",
        })),
        uploads: [
          {
            file: "/etc/haproxy/haproxy.cfg",
            content: entryConfig(tcp),
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
