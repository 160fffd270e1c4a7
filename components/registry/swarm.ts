import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../config/environment/environment";
import { ownRepositories, repositoryPath } from "../config/environment/repositories";
import type { Host, PinnedConnection } from "../hosts/host";
import { remoteCommand } from "../hosts/remote";
import { engineImage } from "../local-engine/image";
import type { ImageBuild } from "../model/platform/spec";
import { quote } from "../model/quote";
import type { Script } from "../model/script";
import { Service } from "../resources/resources";
import type { Swarm } from "../swarm/swarm";
import { builtImage } from "./build";
import { commandHere } from "./command";
import { registryImage } from "./local";
import { byDigest } from "./reference";
import type { Registry } from "./registry";
import {
  type KeyPlace,
  loadScript,
  placeOf,
  type Reach,
  SWARM_REGISTRY_PORT,
  tunnelScript,
} from "./swarm-scripts";

/** Arguments of a SwarmRegistry. */
export interface SwarmRegistryArgs {
  readonly environment: Pick<Environment, "name" | "prefix">;
  readonly swarm: Swarm;
  /** Path of the share on every host: all nodes serve the same images from it. */
  readonly sharePath: string;
}

/**
 * A registry in the swarm: one task on every node, which serves the images on the share at 127.0.0.1:5000 of
 * its node and nowhere else. This machine pushes to it through SSH, so that the nodes need no open port and no
 * other registry. Its own image is built here and brought to the nodes through SSH too.
 *
 * @example
 * new SwarmRegistry("registry", { environment, swarm, sharePath: "/mnt/share" });
 */
export class SwarmRegistry extends pulumi.ComponentResource implements Registry {
  public readonly ready: readonly pulumi.Resource[];
  private readonly name: string;
  private readonly args: SwarmRegistryArgs;
  /** Images share layers: one push at a time sends each layer once. */
  private lastPush: pulumi.Resource | undefined;

  constructor(name: string, args: SwarmRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:registry:Swarm", name, {}, opts);
    this.name = name;
    this.args = args;
    this.ready = [this.serve(name)];
    this.registerOutputs({ address: `127.0.0.1:${SWARM_REGISTRY_PORT}` });
  }

  public build(key: string, build: ImageBuild, folder: string): pulumi.Output<string> {
    const repository = repositoryPath(ownRepositories(this.args.environment), key);
    const image = builtImage(
      `${this.name}-image-${key}`,
      { repository: `swarmyard/${repository}`, build, folder },
      { parent: this },
    );
    const values = { reach: reachOf(this.pushedThrough()), here: image.name, repository };
    const before = this.lastPush === undefined ? [] : [this.lastPush];
    const { text, input } = scriptFor(
      (place) => tunnelScript(place, image.platforms),
      pulumi.output(values),
    );
    const pushed = commandHere(`${this.name}-push-${key}`, text, input, {
      parent: this,
      dependsOn: [image.made, ...this.ready, ...before],
    });
    this.lastPush = pushed;
    return pushed.stdout.apply((digest) =>
      byDigest(`127.0.0.1:${SWARM_REGISTRY_PORT}/${repository}`, digest),
    );
  }

  /** Any node will do: all of them serve the same folder. */
  private pushedThrough(): Host {
    const { hosts, settings } = this.args.swarm;
    const host = hosts.find(({ name }) => name === settings.firstManager);
    if (host === undefined) throw new pulumi.RunError(`${settings.firstManager} is not a host`);
    return host;
  }

  private serve(name: string): Service {
    const { swarm, sharePath } = this.args;
    const image = engineImage(`${name}-image`, registryImage("debian-13"), { parent: this });
    const folder = `${sharePath}/.registry`;
    const script = `mkdir -p ${quote(folder)}\nchmod 0700 ${quote(folder)}\n`;
    const made = remoteCommand(
      `${name}-folder`,
      { host: this.pushedThrough(), create: script, update: script },
      { parent: this },
    );
    const loaded = swarm.hosts.map((host) => {
      const values = pulumi.output({ reach: reachOf(host), image: image.name });
      const { text, input } = scriptFor(loadScript, values);
      const dependsOn = [image, ...host.ready];
      return commandHere(`${name}-load-${host.name}`, text, input, { parent: this, dependsOn });
    });
    const on = swarm.on(this);
    return new Service(
      `${name}-server`,
      {
        name: "swarmyard-registry",
        image: image.name,
        mode: "global",
        hostname: "{{.Service.Name}}",
        containerLabels: { "swarmyard.kind": "registry" },
        env: { REGISTRY_HTTP_ADDR: `127.0.0.1:${SWARM_REGISTRY_PORT}` },
        mounts: { "/var/lib/registry": { type: "bind", source: folder } },
        // The node's own network: it listens on 127.0.0.1 of the node, and publishes nothing.
        networks: { host: { name: "host" } },
        healthcheck: { test: ["CMD", "health"], interval: "1s", timeout: "5m", retries: 1 },
        wait: true,
      },
      pulumi.mergeOptions(on, { dependsOn: [made, ...loaded] }),
    );
  }
}

/** The script for the kind of key that a host has, and its standard input, a secret. */
function scriptFor<Values extends { readonly reach: Reach }>(
  script: (place: KeyPlace) => Script<Values>,
  values: pulumi.Output<Values>,
) {
  const scripts = values.apply((known) => {
    const { text, stdin } = script(placeOf(known.reach.key));
    return { text, input: stdin(known) };
  });
  // The text has no secret in it, whatever decides about it.
  return { text: pulumi.unsecret(scripts.text), input: pulumi.secret(scripts.input) };
}

function reachOf({ name, ssh }: Host): pulumi.Output<Reach> {
  if ("connection" in ssh) {
    return ssh.connection.apply((connection) => directReach(name, connection));
  }
  return pulumi
    .all([ssh.host, ssh.port, ssh.hostKey, ssh.privateKey])
    .apply(([host, port, hostKey, privateKey]) => ({
      host,
      port,
      user: ssh.user,
      hostKey: hostKey.trim(),
      key: { text: privateKey },
    }));
}

/** Images go to the machine with this machine's own ssh, which has one key and enters no password. */
function directReach(name: string, connection: PinnedConnection): Reach {
  const { host, port, user, hostKey, via = [], passphrase, privateKey, keyFile } = connection;
  const why =
    (via.length > 0 && "a jump host") ||
    (user !== "root" && `the user ${user}`) ||
    (passphrase !== undefined && "a key with a passphrase") ||
    (privateKey === undefined && keyFile === undefined && "the SSH agent");
  if (why !== false) {
    throw new pulumi.RunError(
      `registry: { kind: swarm } cannot bring images to ${name} through ${why}; ` +
        "it needs root and a key of its own. Use registry: { kind: existing, address: … } instead",
    );
  }
  const key =
    privateKey === undefined && keyFile !== undefined
      ? { file: keyFile }
      : { text: privateKey ?? "" };
  return { host, port, user, hostKey: hostKey.trim(), key };
}
