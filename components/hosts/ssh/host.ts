import * as pulumi from "@pulumi/pulumi";
import type { Environment, SshHostSettings } from "../../config/environment/environment";
import { GPU_RESOURCE } from "../../config/environment/instance-types";
import type { MachineFacts } from "../../engine/machine/facts";
import type { Share } from "../../share/share";
import type { Host, Lifetime, SshWay } from "../host";
import { STATE_FOLDER } from "../machine/engine";
import { prepareExisting } from "../machine/machine";
import { ownerOf, type Surveyed } from "./survey";

/** Arguments of an SshHost. */
export interface SshHostArgs {
  readonly environment: Environment;
  readonly settings: SshHostSettings;
  readonly surveyed: Surveyed;
  /** @default none */
  readonly share?: Share | undefined;
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

  constructor(name: string, args: SshHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:hosts:Ssh", name, { host: args.settings.name }, opts);
    const { settings, surveyed } = args;
    const { machine, connection } = surveyed;
    this.settings = settings;
    this.name = settings.name;
    if (surveyed.facts !== undefined) this.facts = surveyed.facts;
    this.privateAddress = machine.privateAddress;
    this.ssh = { connection };
    this.lifetime = surveyed.lifetime;
    this.ready = prepareExisting(
      name,
      { ssh: this.ssh, lifetime: this.lifetime, ready: [machine] },
      {
        hostname: this.name,
        setHostname: settings.ssh.setHostname,
        owner: ownerOf(),
        packages: settings.ssh.engine,
        purge: settings.ssh.purge,
        protect: args.environment.protected === true,
        gpus: settings.resources[GPU_RESOURCE] ?? 0,
        engine: {
          taken: networksAround(args.environment, surveyed.facts),
          resources: settings.resources,
          ...(settings.daemon === undefined ? {} : { own: settings.daemon }),
        },
        share: args.share?.remote,
      },
      { parent: this },
    );
    this.registerOutputs({ privateAddress: this.privateAddress });
  }

  public publishedAt(port: number): pulumi.Output<string> {
    return this.ssh.connection.apply(({ host }) => `${host}:${port}`);
  }
}

/** Networks that the Docker engine must not use itself: the machine's, those of other hosts, and the swarm's. */
function networksAround(
  { swarm, local, aws }: Environment,
  { interfaces }: Pick<MachineFacts, "interfaces"> = { interfaces: [] },
): readonly string[] {
  const own = interfaces.filter(({ name }) => !/^(docker|br-|veth)/.test(name));
  const networks = own.map(({ address }) => address);
  return [
    ...[...new Set(networks)].sort(),
    ...(local === undefined ? [] : [local.subnet]),
    ...(aws?.vpc.kind === "new" ? [aws.vpc.cidr] : []),
    swarm.platformPool,
    ...swarm.addressPools,
  ];
}
