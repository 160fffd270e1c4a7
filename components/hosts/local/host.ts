import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { localPort } from "../../config/environment/addresses";
import type { Environment, LocalHostSettings } from "../../config/environment/environment";
import { localName, stackLabels } from "../../local-engine/labels";
import { containerLogs } from "../../local-engine/logs";
import type { LocalNetwork } from "../../network/local/network";
import { NODES_NAME } from "../../network/local/ports";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import type { Host, Lifetime, SshEndpoint } from "../host";
import { remoteCommand } from "../remote";
import { daemonConfig } from "./daemon";

/** Arguments of a LocalHost. */
export interface LocalHostArgs {
  readonly environment: Environment;
  readonly settings: LocalHostSettings;
  readonly network: LocalNetwork;
  /** @default none */
  readonly share?: Share;
  /** Id of the image on this machine's Docker engine. */
  readonly image: pulumi.Input<string>;
  /** The key that may log in. */
  readonly operator: Key;
  /** Capabilities that this machine's Docker engine cannot grant, `CAP_`-prefixed. */
  readonly missingCapabilities: readonly string[];
}

/** Script that waits until the Docker engine answers. */
export function readyScript(): string {
  return `for attempt in $(seq 300); do
  if docker info --format '{{.ID}}' >/dev/null 2>&1; then exit 0; fi
  sleep 0.1
done
echo "the Docker engine of $(hostname) did not answer within 30 seconds" >&2
exit 1`;
}

/**
 * A host that is a container on this machine, with sshd and a Docker engine of its own.
 *
 * What the Docker engine keeps is on a named volume, and name, address and SSH port are fixed: a host
 * that was stopped, killed or replaced comes back as the same node.
 *
 * @example
 * new LocalHost("vm-local-db-0", { environment, settings, network, image, operator, missingCapabilities: [] });
 */
export class LocalHost extends pulumi.ComponentResource implements Host {
  public readonly settings: LocalHostSettings;
  public readonly name: string;
  public readonly privateAddress: pulumi.Output<string>;
  public readonly ssh: SshEndpoint;
  public readonly lifetime: Lifetime;
  public readonly ready: readonly pulumi.Resource[];
  public readonly store = "/var/lib/docker";

  private readonly network: LocalNetwork;

  constructor(name: string, args: LocalHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:hosts:Local", name, { host: args.settings.name }, opts);
    this.settings = args.settings;
    this.name = args.settings.name;
    this.network = args.network;
    const hostKey = new Key(`${name}-host-key`, {}, { parent: this });
    const data = this.volume(name, args);
    const container = this.container(name, args, data, hostKey);
    // A container that is recreated on the data of its Docker engine is the same node.
    this.lifetime = { kind: "stack", resource: data };
    this.privateAddress = pulumi.output(args.settings.privateAddress);
    this.ssh = {
      host: pulumi.output("127.0.0.1"),
      port: pulumi.output(args.settings.sshPort),
      user: "root",
      hostKey: hostKey.publicKey,
      privateKey: args.operator.privateKey,
    };
    this.ready = [this.awaitEngine(name, container)];
    this.registerOutputs({ privateAddress: this.privateAddress, sshPort: this.ssh.port });
  }

  public publishedAt(port: number): pulumi.Output<string> {
    return pulumi.output(`127.0.0.1:${localPort(this.network.settings, port)}`);
  }

  private volume(name: string, args: LocalHostArgs): docker.Volume {
    return new docker.Volume(
      `${name}-data`,
      {
        name: localName(args.environment.name, this.name),
        driver: "local",
        labels: stackLabels("node-data"),
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        // Not its container, which is replaced with its image: what the machine holds is here.
        ...(args.environment.protected === true ? { protect: true } : {}),
      },
    );
  }

  private container(
    name: string,
    args: LocalHostArgs,
    data: docker.Volume,
    hostKey: Key,
  ): docker.Container {
    const { environment, network, settings } = args;
    return new docker.Container(
      `${name}-container`,
      {
        name: localName(environment.name, this.name),
        hostname: this.name,
        image: args.image,
        // Both need their prefix: a refresh would add it and replace the host.
        capabilities: { adds: ["ALL"], drops: [...args.missingCapabilities] },
        securityOpts: ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"],
        init: true,
        // Any other mode would attach the container before its fixed address is set.
        networkMode: "bridge",
        networksAdvanced: [
          {
            name: network.networkName,
            ipv4Address: settings.privateAddress,
            aliases: [NODES_NAME],
          },
        ],
        ports: [{ internal: 22, external: settings.sshPort, ip: "127.0.0.1", protocol: "tcp" }],
        mounts: [
          { type: "volume", source: data.name, target: "/var/lib/docker" },
          ...this.shareMounts(args.share),
        ],
        uploads: this.files(args, hostKey),
        labels: stackLabels("node"),
        ...containerLogs,
        restart: "unless-stopped",
        stopTimeout: 30,
        // The program starts stopped hosts: the provider would replace them because of their missing ports.
        mustRun: false,
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        // A refresh returns them in another form.
        ignoreChanges: ["securityOpts"],
        dependsOn: [...(args.share?.ready ?? [])],
      },
    );
  }

  private shareMounts(share: Share | undefined) {
    if (share?.mount === undefined) return [];
    return [{ type: "volume", source: share.mount.volume, target: share.mount.target }];
  }

  /** Files that are in the container before it starts; the host's private key is a secret. */
  private files(args: LocalHostArgs, hostKey: Key) {
    return [
      {
        file: "/etc/docker/daemon.json",
        content: daemonConfig(
          { local: args.network.settings, swarm: args.environment.swarm },
          this.settings,
        ),
      },
      {
        file: "/etc/swarmyard/authorized_keys",
        content: pulumi.interpolate`${args.operator.publicKey}\n`,
        permissions: "0600",
      },
      {
        file: "/etc/swarmyard/host_key",
        content: pulumi.secret(hostKey.privateKey),
        permissions: "0600",
      },
    ];
  }

  private awaitEngine(name: string, container: docker.Container): pulumi.Resource {
    return remoteCommand(
      `${name}-ready`,
      {
        host: this.ssh,
        create: readyScript(),
        update: readyScript(),
        // Not read; a new container makes the script run again.
        stdin: container.id,
        timeout: 60,
        patient: true,
      },
      { parent: this },
    );
  }
}
