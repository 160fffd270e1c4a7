import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { AwsHostSettings } from "../../config/environment/aws";
import type { Environment, HostSettings } from "../../config/environment/environment";
import type { AwsNetwork } from "../../network/aws/network";
import { ROLE_TAG } from "../../network/aws/survey";
import { stackTags, type Tags } from "../../network/aws/tags";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import type { Host, SshEndpoint } from "../host";
import { remoteCommand } from "../remote";
import { engineScript, engineSettings } from "./engine";
import type { MachineRole } from "./role";
import { bootedScript, bootStub, LOGIN, STATE_FOLDER } from "./stub";

/** A key pair, made here or brought along. */
export interface OperatorKey {
  readonly publicKey: pulumi.Input<string>;
  readonly privateKey: pulumi.Output<string>;
}

/** Arguments of an AwsHost. */
export interface AwsHostArgs {
  readonly environment: Environment;
  readonly settings: HostSettings;
  readonly network: AwsNetwork;
  /** @default none */
  readonly share?: Share;
  readonly role: MachineRole;
  /** Key of whoever may log in. */
  readonly operator: OperatorKey;
  /** Node that must be up before this machine is made or changed. @default none */
  readonly turn?: Promise<pulumi.Resource>;
}

/**
 * A host that is an EC2 machine.
 *
 * What its first boot did is never done again: a newer image or another text of the first boot
 * changes no machine that runs. Its engine, its name and the share are kept up over SSH.
 *
 * @example
 * new AwsHost("vm-prod-db-0", { environment, settings, network, role, operator });
 */
export class AwsHost extends pulumi.ComponentResource implements Host {
  public readonly settings: HostSettings;
  public readonly name: string;
  public readonly privateAddress: pulumi.Output<string>;
  public readonly address: pulumi.Output<string>;
  public readonly ssh: SshEndpoint;
  public readonly machine: ec2.Instance;
  public readonly incarnation: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];
  public readonly ephemeral = true;
  public readonly store = STATE_FOLDER;

  private readonly aws: AwsHostSettings;

  constructor(name: string, args: AwsHostArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings, network, operator } = args;
    super("swarm:hosts:Aws", name, { host: settings.name }, opts);
    this.settings = settings;
    this.name = settings.name;
    this.aws = settings.aws as AwsHostSettings;
    const hostKey = new Key(`${name}-host-key`, {}, { parent: this });
    this.machine = this.instance(name, args, hostKey);
    this.incarnation = this.machine.id;
    this.privateAddress = pulumi.output(this.aws.privateAddress ?? this.machine.privateIp);
    const fixed = this.fixedAddress(name, args);
    this.address = network.settings.reach === "public" ? fixed.address : this.privateAddress;
    this.ssh = {
      host: this.address,
      port: pulumi.output(22),
      user: LOGIN,
      hostKey: hostKey.publicKey,
      privateKey: operator.privateKey,
    };
    const booted = this.awaitBoot(name, fixed.ready);
    const engine = this.keepEngine(name, args, booted);
    const share = this.mountShare(name, args.share, engine);
    this.ready = share === undefined ? [engine] : [engine, share];
    this.registerOutputs({ privateAddress: this.privateAddress });
  }

  private instance(name: string, args: AwsHostArgs, hostKey: Key): ec2.Instance {
    const { network, operator, role, turn } = args;
    const stub = pulumi
      .all([operator.publicKey, hostKey.privateKey, hostKey.publicKey])
      .apply(([authorized, hostPrivate, hostPublic]) =>
        bootStub({ authorized, hostPrivate, hostPublic }),
      );
    return new ec2.Instance(
      `${name}-machine`,
      {
        ami: network.image(this.aws),
        instanceType: this.aws.instanceType,
        subnetId: network.zones.get(this.aws.zone) as pulumi.Output<string>,
        ...(this.aws.privateAddress === undefined ? {} : { privateIp: this.aws.privateAddress }),
        vpcSecurityGroupIds: [network.hostsSecurityGroupId, network.publishedSecurityGroupId],
        iamInstanceProfile: role.profile,
        // Containers are one hop further and shall not get at the machine's role.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        },
        rootBlockDevice: this.disk(args.environment),
        ...(this.aws.spot ? { instanceMarketOptions: spotMarket } : {}),
        userData: pulumi.secret(stub),
        tags: this.tags,
      },
      {
        parent: this,
        provider: network.provider,
        // Its address is fixed: the new one cannot be there beside the old one.
        deleteBeforeReplace: true,
        // Both would stop or replace machines that run.
        ignoreChanges: ["ami", "userData"],
        additionalSecretOutputs: ["userData"],
        dependsOn: [...network.route, ...role.ready, ...(turn === undefined ? [] : [turn])],
      },
    );
  }

  private get tags(): Tags {
    const { group, role } = this.settings;
    return { ...this.aws.tags, Name: this.name, "swarmyard.group": group, [ROLE_TAG]: role };
  }

  // Provider-wide tags do not reach disks on every version of the API.
  private disk(environment: Environment) {
    const { type, size, iops, throughput } = this.aws.disk;
    return {
      encrypted: true,
      volumeType: type,
      volumeSize: size,
      ...(iops === undefined ? {} : { iops }),
      ...(throughput === undefined ? {} : { throughput }),
      deleteOnTermination: true,
      tags: { ...stackTags(environment), ...this.tags },
    };
  }

  /** Managers keep their address when their machine is made anew, so that the swarm is still reached. */
  private fixedAddress(name: string, { network }: AwsHostArgs): FixedAddress {
    const reached = network.settings.reach === "public";
    if (!reached || this.settings.role !== "manager") {
      return { address: this.machine.publicIp, ready: [this.machine] };
    }
    const own = { parent: this, provider: network.provider };
    const address = new ec2.Eip(
      `${name}-address`,
      { domain: "vpc", tags: this.tags },
      { ...own, dependsOn: [...network.route] },
    );
    const association = new ec2.EipAssociation(
      `${name}-address-use`,
      { allocationId: address.allocationId, instanceId: this.machine.id },
      { ...own, deletedWith: this.machine, deleteBeforeReplace: true },
    );
    return { address: address.publicIp, ready: [this.machine, association] };
  }

  private awaitBoot(name: string, after: readonly pulumi.Resource[]): pulumi.Resource {
    return remoteCommand(
      `${name}-boot`,
      {
        host: this.ssh,
        create: bootedScript(),
        update: bootedScript(),
        incarnation: this.incarnation,
        timeout: 900,
        patient: true,
      },
      { ...this.bound, dependsOn: [...after] },
    );
  }

  private keepEngine(name: string, args: AwsHostArgs, booted: pulumi.Resource): pulumi.Resource {
    const { swarm } = args.environment;
    const settings = engineSettings({
      taken: [args.network.cidr, swarm.platformPool, ...swarm.addressPools],
      resources: this.settings.resources,
    });
    const script = engineScript(this.aws.gpus);
    return remoteCommand(
      `${name}-engine`,
      {
        host: this.ssh,
        create: script,
        update: script,
        stdin: `${this.name}\n${settings}\n`,
        incarnation: this.incarnation,
      },
      { ...this.bound, dependsOn: [booted] },
    );
  }

  private mountShare(
    name: string,
    share: Share | undefined,
    engine: pulumi.Resource,
  ): pulumi.Resource | undefined {
    const mount = share?.remote;
    if (mount === undefined) return undefined;
    return remoteCommand(
      `${name}-share`,
      {
        host: this.ssh,
        create: mount.script,
        update: mount.script,
        stdin: mount.stdin,
        incarnation: this.incarnation,
        timeout: 600,
      },
      { ...this.bound, dependsOn: [engine, ...mount.after] },
    );
  }

  /** Commands are run again on another machine, and not taken back on one that goes. */
  private get bound(): pulumi.CustomResourceOptions {
    return { parent: this, replaceWith: [this.machine], deletedWith: this.machine };
  }
}

interface FixedAddress {
  readonly address: pulumi.Output<string>;
  /** Wait for these before it leads to the machine. */
  readonly ready: readonly pulumi.Resource[];
}

/** One that is taken away is gone: the next `up` after a refresh makes another. */
const spotMarket = {
  marketType: "spot",
  spotOptions: { spotInstanceType: "one-time", instanceInterruptionBehavior: "terminate" },
};
