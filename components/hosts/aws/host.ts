import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { AwsHostSettings } from "../../config/environment/aws";
import type { AwsMachineSettings, Environment } from "../../config/environment/environment";
import { swarmNetworks } from "../../config/environment/swarm";
import type { AwsNetwork } from "../../network/aws/network";
import { ROLE_TAG } from "../../network/aws/survey";
import { stackTags, type Tags } from "../../network/aws/tags";
import { Key } from "../../resources/resources";
import type { Share } from "../../share/share";
import type { Host, Lifetime, SshEndpoint } from "../host";
import { STATE_FOLDER } from "../machine/engine";
import { prepareMachine } from "../machine/machine";
import { remoteCommand } from "../remote";
import { changedHostKey } from "./host-key";
import { keptInputs } from "./new-image";
import type { MachineRole } from "./role";
import { bootedScript, bootStub, LOGIN } from "./stub";

/** A key pair, created here or the operator's own. */
export interface OperatorKey {
  readonly publicKey: pulumi.Input<string>;
  readonly privateKey: pulumi.Output<string>;
}

/** Arguments of an AwsHost. */
export interface AwsHostArgs {
  readonly environment: Environment;
  readonly settings: AwsMachineSettings;
  readonly network: AwsNetwork;
  /** @default none */
  readonly share?: Share;
  readonly role: MachineRole;
  /** The key that may log in. */
  readonly operator: OperatorKey;
  /** Node that must be up before this machine is created or changed. @default none */
  readonly after?: pulumi.Resource;
}

/**
 * A host that is an EC2 machine.
 *
 * The first boot is never repeated: a newer image or a changed boot script does not affect a
 * running machine. Its Docker engine, name and share are maintained over SSH.
 *
 * @example
 * new AwsHost("vm-prod-db-0", { environment, settings, network, role, operator });
 */
export class AwsHost extends pulumi.ComponentResource implements Host {
  public readonly settings: AwsMachineSettings;
  public readonly name: string;
  public readonly privateAddress: pulumi.Output<string>;
  public readonly ssh: SshEndpoint;
  public readonly lifetime: Lifetime;
  public readonly ready: readonly pulumi.Resource[];
  public readonly store = STATE_FOLDER;

  private readonly aws: AwsHostSettings;
  private readonly machine: ec2.Instance;

  constructor(name: string, args: AwsHostArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings, network, operator } = args;
    super("swarm:hosts:Aws", name, { host: settings.name }, opts);
    this.settings = settings;
    this.name = settings.name;
    this.aws = settings.aws;
    const birth = new Key(`${name}-host-key`, {}, { parent: this });
    this.machine = this.instance(name, args, birth);
    const lifetime = {
      kind: "stack",
      resource: this.machine,
      incarnation: this.machine.id,
    } as const;
    this.lifetime = lifetime;
    this.privateAddress = pulumi.output(this.aws.privateAddress ?? this.machine.privateIp);
    const fixed = this.fixedAddress(name, args);
    const rotates = network.settings.rotateHostKeys === true;
    const kept = rotates ? new Key(`${name}-host-key-kept`, {}, { parent: this }) : birth;
    this.ssh = {
      host: network.settings.reach === "public" ? fixed.address : this.privateAddress,
      port: pulumi.output(22),
      user: LOGIN,
      hostKey: kept.publicKey,
      privateKey: operator.privateKey,
    };
    const { ready } = fixed;
    const to = { ...this.ssh, birth, kept, operator: operator.privateKey, lifetime, ready };
    const changed = rotates
      ? [changedHostKey(`${name}-host-key-change`, to, { parent: this })]
      : [];
    const booted = this.awaitBoot(name, [...ready, ...changed]);
    this.ready = this.prepare(name, args, booted);
    this.registerOutputs({ privateAddress: this.privateAddress });
  }

  public publishedAt(port: number): pulumi.Output<string> {
    return pulumi.interpolate`${this.ssh.host}:${port}`;
  }

  private instance(name: string, args: AwsHostArgs, hostKey: Key): ec2.Instance {
    const { network, operator, role, after, environment } = args;
    const isProtected = environment.protected === true;
    const { dataPathPort } = environment.swarm;
    const overlay = dataPathPort === undefined ? {} : { overlayPort: dataPathPort };
    const stub = pulumi
      .all([operator.publicKey, hostKey.privateKey, hostKey.publicKey])
      .apply(([authorized, hostPrivate, hostPublic]) =>
        bootStub({ authorized, hostPrivate, hostPublic, ...overlay }),
      );
    return new ec2.Instance(
      `${name}-machine`,
      {
        ami: network.image(this.aws),
        instanceType: this.aws.instanceType,
        subnetId: network.subnetIn(this.aws.zone),
        ...(this.aws.privateAddress === undefined ? {} : { privateIp: this.aws.privateAddress }),
        vpcSecurityGroupIds: [network.hostsSecurityGroupId, network.publishedSecurityGroupId],
        iamInstanceProfile: role.profile,
        // Containers are one hop further away and must not reach the machine's role.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
        },
        rootBlockDevice: this.disk(network),
        ...(this.aws.spot ? { instanceMarketOptions: spotMarket } : {}),
        // AWS has no such protection for Spot.
        ...(isProtected && !this.aws.spot ? { disableApiTermination: true } : {}),
        userData: pulumi.secret(stub),
        tags: this.tags,
      },
      {
        parent: this,
        provider: network.provider,
        // Its address is fixed, so the old and the new one cannot coexist.
        deleteBeforeReplace: true,
        ignoreChanges: keptInputs(this.name),
        additionalSecretOutputs: ["userData"],
        ...(isProtected ? { protect: true } : {}),
        dependsOn: [...network.route, ...role.ready, ...(after === undefined ? [] : [after])],
      },
    );
  }

  private get tags(): Tags {
    const { group, role } = this.settings;
    return { ...this.aws.tags, Name: this.name, "swarmyard.group": group, [ROLE_TAG]: role };
  }

  // Provider-wide tags do not reach disks in every version of the API.
  private disk(network: AwsNetwork) {
    const { type, size, iops, throughput } = this.aws.disk;
    return {
      encrypted: true,
      volumeType: type,
      volumeSize: size,
      ...(iops === undefined ? {} : { iops }),
      ...(throughput === undefined ? {} : { throughput }),
      deleteOnTermination: true,
      tags: { ...stackTags(network.settings), ...this.tags },
    };
  }

  /** Managers keep their address when their machine is recreated, so that the swarm stays reachable. */
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
        host: { ssh: this.ssh, lifetime: this.lifetime, ready: after },
        create: bootedScript(),
        update: bootedScript(),
        timeout: 900,
        patient: true,
      },
      { parent: this },
    );
  }

  private prepare(
    name: string,
    { environment, network, share }: AwsHostArgs,
    booted: pulumi.Resource,
  ): readonly pulumi.Resource[] {
    return prepareMachine(
      name,
      { ssh: this.ssh, lifetime: this.lifetime, ready: [booted] },
      {
        hostname: this.name,
        engine: {
          taken: [network.cidr, ...swarmNetworks(environment.swarm)],
          resources: this.settings.resources,
          // Only members of the security group can reach them.
          metrics: true,
          ...(this.settings.daemon === undefined ? {} : { own: this.settings.daemon }),
        },
        gpus: this.aws.gpus,
        share: share?.remote,
      },
      { parent: this },
    );
  }
}

interface FixedAddress {
  readonly address: pulumi.Output<string>;
  /** Wait for these before it refers to the machine. */
  readonly ready: readonly pulumi.Resource[];
}

/** A machine that AWS took away is gone: the next `up` after a refresh creates another. */
const spotMarket = {
  marketType: "spot",
  spotOptions: { spotInstanceType: "one-time", instanceInterruptionBehavior: "terminate" },
};
