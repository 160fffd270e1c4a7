import { beforeEach, describe, expect, test } from "vitest";
import type { EfsShareSettings } from "../../components/config/environment/environment";
import { EfsShare, requireEncrypted, tlsOnly } from "../../components/share/efs";
import { mountScript } from "../../components/share/efs-mount";
import { Recorder, resolved } from "../recorder";

const FILES = "aws:efs/fileSystem:FileSystem";
const POLICY = "aws:efs/fileSystemPolicy:FileSystemPolicy";
const BACKUP = "aws:efs/backupPolicy:BackupPolicy";
const TARGET = "aws:efs/mountTarget:MountTarget";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

const network = (zones: readonly string[], address?: string) => ({
  vpcId: "vpc-1",
  zones: new Map(zones.map((zone) => [zone, `subnet-${zone}`])),
  shareAddress: () => address,
  hostsSecurityGroupId: "sg-hosts",
  machineRole: "yard-prod-eu-west-1-node",
});

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder({
    stack: "prod",
    computed: {
      [FILES]: (name) => ({ arn: `arn:${name}`, dnsName: `${name}.efs`, encrypted: true }),
    },
  });
});

function share(
  name: string,
  changes: Partial<EfsShareSettings>,
  zones = ["eu-west-1a"],
  at?: string,
) {
  const settings: EfsShareSettings = {
    kind: "efs",
    path: "/mnt/share",
    data: "delete",
    ...changes,
  };
  const environment = { name: "prod", prefix: "yard" };
  const args = { environment, settings, network: network(zones, at) };
  return new EfsShare(name, args, recorder.opts);
}

test("a share that is kept, and one that is not", async () => {
  const kept = share("kept", { data: "keep", path: "/data" }, ["eu-west-1a", "eu-west-1b"]);
  share("gone", {});
  await recorder.settle();

  expect(recorder.list()).toEqual(
    [
      `${BACKUP} kept-backup`,
      `${FILES} gone-files`,
      `${FILES} kept-files`,
      `${POLICY} gone-policy`,
      `${POLICY} kept-policy`,
      `${TARGET} gone-target-eu-west-1a`,
      `${TARGET} kept-target-eu-west-1a`,
      `${TARGET} kept-target-eu-west-1b`,
      `${GROUP} gone-nfs`,
      `${GROUP} kept-nfs`,
      "swarm:share:Efs gone",
      "swarm:share:Efs kept",
    ].sort(),
  );
  expect(await resolved(kept.remote.stdin)).toBe("kept-files-id\nkept-files.efs\n/data\n");
  expect(kept.path).toBe("/data");
});

test("the file system is encrypted, elastic, and moves cold files to cheap storage", async () => {
  share("share", {});
  await recorder.settle();
  expect(recorder.inputs(FILES, "share-files")).toEqual({
    creationToken: "yard-prod-share",
    encrypted: true,
    performanceMode: "generalPurpose",
    throughputMode: "elastic",
    lifecyclePolicies: [
      { transitionToIa: "AFTER_30_DAYS" },
      { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
    ],
    tags: { Name: "yard-prod-share" },
  });
  expect(recorder.inputs(POLICY, "share-policy")).toEqual({
    fileSystemId: "share-files-id",
    policy: tlsOnly("arn:share-files"),
  });
});

describe("destroy", () => {
  const retained = (type: string, name: string) =>
    recorder.declaration(type, name).opts.retainOnDelete ?? false;

  test("leaves a kept file system with its policy and backups, but not what holds the network", async () => {
    share("share", { data: "keep" });
    await recorder.settle();
    expect(retained(FILES, "share-files")).toBe(true);
    expect(retained(POLICY, "share-policy")).toBe(true);
    expect(retained(BACKUP, "share-backup")).toBe(true);
    expect(retained(TARGET, "share-target-eu-west-1a")).toBe(false);
    expect(retained(GROUP, "share-nfs")).toBe(false);
    expect(recorder.inputs(BACKUP, "share-backup")).toEqual({
      fileSystemId: "share-files-id",
      backupPolicy: { status: "ENABLED" },
    });
  });

  test("takes all of a share that is not kept, its policy with the file system", async () => {
    share("share", {});
    await recorder.settle();
    for (const [type, name] of [
      [FILES, "share-files"],
      [POLICY, "share-policy"],
      [TARGET, "share-target-eu-west-1a"],
    ] as const) {
      expect(retained(type, name)).toBe(false);
    }
    const { deletedWith } = recorder.declaration(POLICY, "share-policy").opts;
    expect(await resolved((deletedWith as unknown as { urn: string }).urn)).toContain(
      "share-files",
    );
  });
});

test("NFS comes only from the hosts, and no outgoing traffic is allowed", async () => {
  share("share", {}, ["eu-west-1a"], "10.20.1.4");
  await recorder.settle();
  expect(recorder.inputs(GROUP, "share-nfs")).toEqual({
    vpcId: "vpc-1",
    description: "NFS from the hosts of the environment",
    ingress: [
      {
        protocol: "tcp",
        fromPort: 2049,
        toPort: 2049,
        securityGroups: ["sg-hosts"],
        description: "NFS from the hosts",
      },
    ],
    egress: [],
    tags: { Name: "yard-prod-share" },
  });
  expect(recorder.inputs(TARGET, "share-target-eu-west-1a")).toEqual({
    fileSystemId: "share-files-id",
    subnetId: "subnet-eu-west-1a",
    securityGroups: ["share-nfs-id"],
    ipAddress: "10.20.1.4",
  });
});

test("an address that AWS chooses is not an input", async () => {
  share("share", {});
  await recorder.settle();
  expect(recorder.inputs(TARGET, "share-target-eu-west-1a")).not.toHaveProperty("ipAddress");
});

test("an adopted file system is read, never created, changed or deleted", async () => {
  const taken = share("share", { data: "keep", fileSystemId: "fs-0123" });
  await recorder.settle();
  expect(recorder.inputs(FILES, "share-files")).toEqual({});
  expect(recorder.list().filter((line) => /Policy/.test(line))).toEqual([]);
  expect(await resolved(taken.remote.stdin)).toBe("fs-0123\nshare-files.efs\n/mnt/share\n");
  expect(recorder.inputs(TARGET, "share-target-eu-west-1a")).toMatchObject({
    fileSystemId: "fs-0123",
  });
});

test("the policy refuses what does not come over TLS", () => {
  const { Statement } = JSON.parse(tlsOnly("arn:x"));
  expect(Statement[1]).toEqual({
    Sid: "OnlyTls",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "*",
    Resource: "arn:x",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});

test("with iam only the machines' role may mount, and machines prove it", async () => {
  const arn = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1";
  const proved = new Recorder({
    stack: "prod",
    computed: { [FILES]: () => ({ arn, dnsName: "fs-1.efs", encrypted: true }) },
  });
  const settings: EfsShareSettings = { kind: "efs", path: "/data", data: "delete", iam: true };
  const environment = { name: "prod", prefix: "yard" };
  const args = { environment, settings, network: network(["eu-west-1a"]) };
  const made = new EfsShare("share", args, proved.opts);
  await proved.settle();
  const { policy } = proved.inputs(POLICY, "share-policy");
  expect(JSON.parse(String(policy)).Statement[0]).toMatchObject({
    Sid: "ThroughMountTargets",
    Principal: { AWS: "*" },
    Condition: {
      Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
      ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/yard-prod-eu-west-1-node" },
    },
  });
  expect(made.remote.script).toBe(mountScript(true).text);
  expect(JSON.parse(tlsOnly(arn)).Statement[0].Condition).toEqual({
    Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
  });
});

test("a file system that is not encrypted at rest is refused", () => {
  expect(requireEncrypted("fs-1", true)).toBe("fs-1");
  expect(() => requireEncrypted("fs-1", false)).toThrow("fs-1, which is not encrypted at rest");
});

test("a protected environment's file system is protected, and no other is", async () => {
  const settings: EfsShareSettings = { kind: "efs", path: "/mnt/share", data: "keep" };
  const args = { settings, network: network(["eu-west-1a"]) };
  const environment = { name: "prod", prefix: "yard" };
  new EfsShare(
    "safe",
    { ...args, environment: { ...environment, protected: true } },
    recorder.opts,
  );
  new EfsShare("open", { ...args, environment }, recorder.opts);
  await recorder.settle();
  expect(recorder.declaration(FILES, "safe-files").opts.protect).toBe(true);
  expect(recorder.declaration(FILES, "open-files").opts.protect).toBeUndefined();
});
