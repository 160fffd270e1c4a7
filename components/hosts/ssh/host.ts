import * as pulumi from "@pulumi/pulumi";
import type { Environment, SshHostSettings } from "../../config/environment/environment";
import { GPU_RESOURCE } from "../../config/environment/instance-types";
import { swarmNetworks } from "../../config/environment/swarm";
import type { MachineFacts } from "../../engine/machine/facts";
import type { RemoteMount } from "../../share/share";
import { type Host, type Lifetime, type SshWay, staysInSwarm, wasMember } from "../host";
import { STATE_FOLDER } from "../machine/engine";
import { createFirewall } from "../machine/firewall/firewall";
import type { FirewallArgs } from "../machine/firewall/rules";
import { prepareExisting } from "../machine/machine";
import type { MeshPlace } from "../mesh/mesh";
import { MESH_INTERFACE } from "../mesh/tunnel";
import { ownerOf, type Surveyed } from "./survey";

/** Arguments of an SshHost. */
export interface SshHostArgs {
  readonly environment: Environment;
  readonly settings: SshHostSettings;
  readonly surveyed: Surveyed;
  /** @default none, or it is mounted already */
  readonly share?: RemoteMount | undefined;
  /** Its place in the mesh. @default none */
  readonly mesh?: MeshPlace | undefined;
  /** @default none of ours */
  readonly firewall?: pulumi.Output<FirewallArgs>;
}

/**
 * A host that is an existing machine. It outlives the stack and is left as it was found, apart from
 * its Docker engine; one that the program creates goes with its own resource.
 *
 * @example
 * new SshHost("db-0", { environment, settings, surveyed });
 */
export class SshHost extends pulumi.ComponentResource implements Host {
  public readonly settings: SshHostSettings;
  public readonly name: string;
  public readonly privateAddress: pulumi.Output<string>;
  public readonly ssh: SshWay;
  public readonly lifetime: Lifetime;
  public readonly ready: readonly pulumi.Resource[];
  public readonly store = STATE_FOLDER;
  public readonly facts?: MachineFacts;
  /** What the script that mounts the share printed; undefined without a share. */
  public readonly mounted?: pulumi.Output<string>;

  constructor(name: string, args: SshHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:hosts:Ssh", name, { host: args.settings.name }, opts);
    const { settings, surveyed } = args;
    const { machine, connection } = surveyed;
    this.settings = settings;
    this.name = settings.name;
    if (surveyed.facts !== undefined) this.facts = surveyed.facts;
    this.privateAddress = addressOf(surveyed, args.mesh);
    this.ssh = { connection };
    this.lifetime = surveyed.lifetime;
    const prepared = prepareExisting(
      name,
      { ssh: this.ssh, lifetime: this.lifetime, ready: [machine] },
      {
        hostname: this.name,
        setHostname: settings.ssh.setHostname,
        owner: ownerOf(),
        packages: settings.ssh.engine,
        purge: settings.ssh.purge,
        protect: args.environment.protected === true,
        stays: staysInSwarm(this, args.environment.swarm),
        gpus: wasMember(this) ? 0 : (settings.resources[GPU_RESOURCE] ?? 0),
        engine: {
          asFound: wasMember(this),
          taken: networksAround(args.environment, surveyed.facts),
          resources: settings.resources,
          ...(settings.daemon === undefined ? {} : { own: settings.daemon }),
        },
        share: args.share,
        mesh: args.mesh,
      },
      { parent: this },
    );
    const mount = args.share === undefined ? undefined : prepared.at(-1);
    if (mount !== undefined) this.mounted = mount.stdout;
    this.ready = [...prepared, ...this.guarded(name, prepared, args.firewall)];
    this.registerOutputs({ privateAddress: this.privateAddress });
  }

  private guarded(
    name: string,
    ready: readonly pulumi.Resource[],
    firewall: pulumi.Output<FirewallArgs> | undefined,
  ): readonly pulumi.Resource[] {
    if (firewall === undefined) return [];
    const { ssh, lifetime } = this;
    return [createFirewall(name, { ssh, lifetime, ready }, firewall, { parent: this })];
  }

  public publishedAt(port: number): pulumi.Output<string> {
    return this.ssh.connection.apply(({ host }) => `${host}:${port}`);
  }
}

/** Where other hosts reach a machine: in the mesh, where there is one. */
export function addressOf(
  { machine }: Pick<Surveyed, "machine">,
  mesh: MeshPlace | undefined,
): pulumi.Output<string> {
  return mesh === undefined ? machine.privateAddress : pulumi.output(mesh.address);
}

/** Networks that the Docker engine must not use itself: the machine's, those of other hosts, and the swarm's. */
function networksAround(
  { swarm, local, aws }: Environment,
  { interfaces }: Pick<MachineFacts, "interfaces"> = { interfaces: [] },
): readonly string[] {
  const others = interfaces.filter(({ name }) => name !== MESH_INTERFACE);
  const own = others.filter(({ name }) => !/^(docker|br-|veth)/.test(name));
  const networks = own.map(({ address }) => address);
  return [
    ...[...new Set(networks)].sort(),
    ...(local === undefined ? [] : [local.subnet]),
    ...(aws?.vpc.kind === "new" ? [aws.vpc.cidr] : []),
    ...swarmNetworks(swarm),
  ];
}
