import * as ec2 from "@pulumi/aws/ec2";
import * as efs from "@pulumi/aws/efs";
import * as pulumi from "@pulumi/pulumi";
import type { EfsShareSettings, Environment } from "../config/environment/environment";
import { mountScript } from "./efs-mount";
import type { RemoteMount, Share } from "./share";

/** What a share needs from its hosts' network. */
export interface ShareNetwork {
  readonly vpcId: pulumi.Input<string>;
  /** One subnet for each zone that has hosts. */
  readonly zones: ReadonlyMap<string, pulumi.Input<string>>;
  /** Reserved address in a zone's subnet; undefined lets AWS choose. */
  shareAddress(zone: string): string | undefined;
  /** The security group that all hosts are in. */
  readonly hostsSecurityGroupId: pulumi.Input<string>;
  /** Name of the role that all hosts have. */
  readonly machineRole: string;
}

/** Arguments of an EfsShare. */
export interface EfsShareArgs {
  readonly environment: Pick<Environment, "name" | "prefix" | "protected">;
  readonly settings: EfsShareSettings;
  readonly network: ShareNetwork;
}

/**
 * A file system of EFS, encrypted at rest and in transit, with a mount target in each zone.
 *
 * With `share.data: keep` destroy keeps the file system, its policy and its backups; its mount
 * targets are deleted, since they would hold on to the network. `share.fileSystemId` adopts it
 * (or any other) again; the stack then neither deletes nor changes it.
 *
 * @example
 * const share = new EfsShare("share", { environment, settings: environment.share, network });
 */
export class EfsShare extends pulumi.ComponentResource implements Share {
  public readonly path: string;
  public readonly remote: RemoteMount;
  public readonly ready: readonly pulumi.Resource[];
  public readonly fileSystemId: pulumi.Output<string>;

  constructor(name: string, args: EfsShareArgs, opts?: pulumi.ComponentResourceOptions) {
    const { path } = args.settings;
    super("swarm:share:Efs", name, { path }, opts);
    const fileSystem = this.fileSystem(name, args);
    const securityGroup = this.securityGroup(name, args);
    const targets = this.mountTargets(name, args, fileSystem, securityGroup);

    this.path = path;
    this.fileSystemId = fileSystem.id;
    this.ready = [fileSystem];
    const { text, stdin } = mountScript(args.settings.iam);
    this.remote = {
      script: text,
      stdin: pulumi
        .all([fileSystem.id, fileSystem.encrypted, fileSystem.dnsName])
        .apply(([id, encrypted, server]) =>
          stdin({ fileSystem: requireEncrypted(id, encrypted), server, target: path }),
        ),
      after: targets,
    };
    this.registerOutputs({ path: this.path, fileSystemId: this.fileSystemId });
  }

  private fileSystem(
    name: string,
    { environment, settings, network }: EfsShareArgs,
  ): efs.FileSystem {
    const { fileSystemId, data } = settings;
    if (fileSystemId !== undefined) {
      return efs.FileSystem.get(`${name}-files`, fileSystemId, undefined, { parent: this });
    }
    const label = `${environment.prefix}-${environment.name}-${name}`;
    const fileSystem = new efs.FileSystem(
      `${name}-files`,
      {
        // Unique per account: while a kept file system exists, no empty one can take its place.
        creationToken: label,
        encrypted: true,
        performanceMode: "generalPurpose",
        throughputMode: "elastic",
        lifecyclePolicies: [
          { transitionToIa: "AFTER_30_DAYS" },
          { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ],
        tags: { Name: label },
      },
      {
        parent: this,
        retainOnDelete: data === "keep",
        ...(environment.protected === true ? { protect: true } : {}),
      },
    );
    const role = settings.iam === true ? network.machineRole : undefined;
    this.protections(name, fileSystem, data === "keep", role);
    return fileSystem;
  }

  /** Settings that belong to the file system, and stay with a kept one. */
  private protections(
    name: string,
    fileSystem: efs.FileSystem,
    keep: boolean,
    role: string | undefined,
  ): void {
    const opts = { parent: this, deletedWith: fileSystem, retainOnDelete: keep };
    new efs.FileSystemPolicy(
      `${name}-policy`,
      { fileSystemId: fileSystem.id, policy: fileSystem.arn.apply((arn) => tlsOnly(arn, role)) },
      opts,
    );
    if (!keep) return;
    new efs.BackupPolicy(
      `${name}-backup`,
      { fileSystemId: fileSystem.id, backupPolicy: { status: "ENABLED" } },
      opts,
    );
  }

  private securityGroup(name: string, { environment, network }: EfsShareArgs) {
    return new ec2.SecurityGroup(
      `${name}-nfs`,
      {
        vpcId: network.vpcId,
        description: "NFS from the hosts of the environment",
        // Given as a whole: a rule added by hand is removed again. Nothing may go out.
        ingress: [
          {
            protocol: "tcp",
            fromPort: 2049,
            toPort: 2049,
            securityGroups: [network.hostsSecurityGroupId],
            description: "NFS from the hosts",
          },
        ],
        egress: [],
        tags: { Name: `${environment.prefix}-${environment.name}-${name}` },
      },
      { parent: this },
    );
  }

  private mountTargets(
    name: string,
    { network }: EfsShareArgs,
    fileSystem: efs.FileSystem,
    group: ec2.SecurityGroup,
  ): pulumi.Resource[] {
    return [...network.zones].map(
      ([zone, subnetId]) =>
        new efs.MountTarget(
          `${name}-target-${zone}`,
          {
            fileSystemId: fileSystem.id,
            subnetId,
            securityGroups: [group.id],
            ...addressOf(network.shareAddress(zone)),
          },
          // A file system has one mount target per zone.
          { parent: this, deleteBeforeReplace: true },
        ),
    );
  }
}

function addressOf(ipAddress: string | undefined): { ipAddress?: string } {
  return ipAddress === undefined ? {} : { ipAddress };
}

/**
 * Policy of a file system that rejects connections without TLS or without a mount target.
 *
 * @param role name of the role that a client must prove. @default any client in the network
 */
export function tlsOnly(arn: string, role?: string): string {
  const everyone = { AWS: "*" };
  const [, partition, , , account] = arn.split(":");
  // A condition: a role that does not exist yet cannot be a principal, and one that is created again would be another.
  const proved = `arn:${partition}:iam::${account}:role/${role}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ThroughMountTargets",
        Effect: "Allow",
        Principal: everyone,
        Action: [
          "elasticfilesystem:ClientMount",
          "elasticfilesystem:ClientRootAccess",
          "elasticfilesystem:ClientWrite",
        ],
        Resource: arn,
        Condition: {
          Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
          ...(role === undefined ? {} : { ArnEquals: { "aws:PrincipalArn": proved } }),
        },
      },
      {
        Sid: "OnlyTls",
        Effect: "Deny",
        Principal: everyone,
        Action: "*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}

/** The id of a file system, checked to be encrypted at rest: an adopted one may not be. */
export function requireEncrypted(id: string, encrypted: boolean): string {
  if (encrypted) return id;
  throw new pulumi.RunError(
    `swarmyard:share.fileSystemId is ${id}, which is not encrypted at rest. EFS cannot encrypt it afterwards: leave fileSystemId out to create a new one, and copy the data.`,
  );
}
