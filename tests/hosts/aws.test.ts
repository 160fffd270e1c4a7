import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { createHosts } from "../../components/hosts";
import { bootedScript, bootStub } from "../../components/hosts/aws/stub";
import { withDeadline } from "../../components/hosts/scripts";
import type { PlainMap } from "../../components/model/merge";
import { createNetwork } from "../../components/network";
import { EcrRegistry } from "../../components/registry/ecr";
import { Swarm } from "../../components/swarm/swarm";
import { awsEnvironment } from "../aws-environment";
import { Recorder, type RecorderOptions, resolved } from "../recorder";
import { keyedOf } from "../swarm-of-hosts";

const INSTANCE = "aws:ec2/instance:Instance";
const COMMAND = "command:remote:Command";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

async function make(changes: PlainMap = {}, options: RecorderOptions = {}) {
  const recorder = new Recorder({ ...options, stack: "one" });
  const environment = awsEnvironment(changes);
  const network = await createNetwork(environment, recorder.opts);
  const makers = await createHosts(environment, { network }, recorder.opts);
  return { recorder, environment, makers };
}

/** All hosts of an environment, made side by side. */
async function makeAll(changes: PlainMap = {}) {
  const { recorder, makers } = await make(changes);
  const hosts = makers.map((maker) => maker.make());
  await recorder.settle();
  return { recorder, hosts };
}

test("a worker is a machine with its own key; a manager also has a fixed address", async () => {
  const { recorder } = await makeAll();
  expect(recorder.list().filter((entry) => entry.includes("vm-one-w-0"))).toEqual([
    `${INSTANCE} vm-one-w-0-machine`,
    `${COMMAND} vm-one-w-0-boot`,
    `${COMMAND} vm-one-w-0-engine`,
    "swarm:hosts:Aws vm-one-w-0",
    "swarm:index:Key vm-one-w-0-host-key",
  ]);
  expect(recorder.list().filter((entry) => entry.includes("vm-one-m-1"))).toEqual([
    "aws:ec2/eip:Eip vm-one-m-1-address",
    "aws:ec2/eipAssociation:EipAssociation vm-one-m-1-address-use",
    `${INSTANCE} vm-one-m-1-machine`,
    `${COMMAND} vm-one-m-1-boot`,
    `${COMMAND} vm-one-m-1-engine`,
    "swarm:hosts:Aws vm-one-m-1",
    "swarm:index:Key vm-one-m-1-host-key",
  ]);
});

test("a machine has exactly this", async () => {
  const { recorder } = await makeAll();
  const tags = {
    Name: "vm-one-w-0",
    "swarmyard.group": "w",
    "swarmyard.role": "worker",
  };
  expect(recorder.inputs(INSTANCE, "vm-one-w-0-machine")).toEqual({
    ami: "ami of /aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
    instanceType: "t3.medium",
    subnetId: "network-subnet-eu-west-1a-id",
    privateIp: expect.stringMatching(/^10\.20\.1\.\d+$/),
    vpcSecurityGroupIds: ["network-hosts-id", "network-published-id"],
    iamInstanceProfile: "vm-one-eu-west-1-node",
    metadataOptions: {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    },
    rootBlockDevice: {
      encrypted: true,
      volumeType: "gp3",
      volumeSize: 30,
      deleteOnTermination: true,
      tags: { ...tags, team: "blue", "swarmyard.stack": "swarmyard/one" },
    },
    userData: bootStub({
      authorized: "ssh-ed25519 operator",
      hostPrivate: "private vm-one-w-0-host-key",
      hostPublic: "ssh-ed25519 vm-one-w-0-host-key",
    }),
    tags,
  });
  expect(recorder.secrets(INSTANCE, "vm-one-w-0-machine")).toEqual(["userData"]);
  const { opts } = recorder.declaration(INSTANCE, "vm-one-w-0-machine");
  expect(opts).toMatchObject({
    deleteBeforeReplace: true,
    ignoreChanges: ["ami", "userData"],
    additionalSecretOutputs: ["userData"],
  });
});

test("disk, spot, image, GPUs and tags are as the group says", async () => {
  const w = {
    instanceType: "g5.xlarge",
    spot: true,
    disk: { size: 200, iops: 6000, throughput: 250 },
    tags: { team: "gpu" },
    image: "al2023",
  };
  const { recorder } = await makeAll({ hosts: { groups: { w } } });
  const inputs = recorder.inputs(INSTANCE, "vm-one-w-0-machine");
  expect(inputs).toMatchObject({
    ami: "ami of /aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id",
    instanceMarketOptions: {
      marketType: "spot",
      spotOptions: { spotInstanceType: "one-time", instanceInterruptionBehavior: "terminate" },
    },
    rootBlockDevice: { volumeSize: 200, iops: 6000, throughput: 250 },
    tags: { team: "gpu" },
  });
  expect(recorder.inputs(COMMAND, "vm-one-w-0-engine").create).toContain("nvidia-smi");
  expect(recorder.inputs(COMMAND, "vm-one-m-0-engine").create).not.toContain("nvidia-smi");
});

test("hosts are reached by a pinned key, managers at their fixed addresses, as a user who becomes root", async () => {
  const { recorder, hosts } = await makeAll();
  const [manager, , , worker] = hosts;
  expect(await resolved(keyedOf(manager).host)).toBe("public of vm-one-m-0-address");
  expect(await resolved(keyedOf(worker).host)).toBe("public of vm-one-w-0-machine");
  expect(keyedOf(worker).user).toBe("swarmyard");
  const boot = recorder.inputs(COMMAND, "vm-one-w-0-boot");
  expect(boot).toMatchObject({
    triggers: ["vm-one-w-0-machine-id"],
    create: withDeadline(bootedScript(), 900, "swarmyard"),
    connection: { hostKey: "ssh-ed25519 vm-one-w-0-host-key", dialErrorLimit: 70 },
  });
  expect(boot.create).toMatch(/^exec sudo -n timeout /);
});

test("with reach private no public address is read or created", async () => {
  const { recorder, hosts } = await makeAll({ aws: { reach: "private" } });
  expect(recorder.list().filter((entry) => entry.includes("eip"))).toEqual([]);
  for (const host of hosts) {
    expect(await resolved(keyedOf(host).host)).toBe(await resolved(host.privateAddress));
    expect(await resolved(host.publishedAt(80))).toMatch(/^10\.20\.[\d.]+:80$/);
  }
});

test("commands are replaced with their machine, and never run on a dead one", async () => {
  const { recorder } = await makeAll();
  for (const what of ["boot", "engine"]) {
    const { opts } = recorder.declaration(COMMAND, `vm-one-w-0-${what}`);
    expect(opts.deletedWith).toBeDefined();
    expect(opts.replaceWith).toEqual([opts.deletedWith]);
  }
  const use = "aws:ec2/eipAssociation:EipAssociation";
  expect(recorder.declaration(use, "vm-one-m-0-address-use").opts.deletedWith).toBeDefined();
});

test("a key that is brought along is the one that may log in", async () => {
  const sshKey = { public: "ssh-ed25519 MINE me", secret: "mine" };
  const recorder = new Recorder({ stack: "one" });
  const environment = awsEnvironment({ aws: { sshKey } });
  const { runtime } = await import("@pulumi/pulumi");
  runtime.setAllConfig({ "swarmyard:mine": "MY PRIVATE KEY" }, ["swarmyard:mine"]);
  const network = await createNetwork(environment, recorder.opts);
  const makers = await createHosts(environment, { network }, recorder.opts);
  const [host] = makers.map((maker) => maker.make());
  await recorder.settle();
  expect(recorder.list()).not.toContain("swarm:index:Key operator");
  expect(recorder.inputs(INSTANCE, "vm-one-w-0-machine").userData).toContain("ssh-ed25519 MINE me");
  expect(await resolved(keyedOf(host).privateKey)).toBe("MY PRIVATE KEY");
});

test("machines may be reached by Systems Manager and read the environment's images, no more", async () => {
  const { recorder } = await makeAll();
  const roles = recorder.list().filter((entry) => entry.startsWith("aws:iam/"));
  expect(roles).toEqual([
    "aws:iam/instanceProfile:InstanceProfile machines-profile",
    "aws:iam/role:Role machines-role",
    `${ROLE_POLICY} machines-images`,
    `${ROLE_POLICY} machines-sessions`,
  ]);
  expect(recorder.inputs("aws:iam/role:Role", "machines-role")).not.toHaveProperty(
    "permissionsBoundary",
  );
  const sessions = recorder.inputs(ROLE_POLICY, "machines-sessions");
  expect(sessions).toMatchObject({ name: "sessions", role: "vm-one-eu-west-1-node" });
  // No ssm:GetParameter: parameters of the account belong to others too.
  expect(JSON.parse(String(sessions.policy)).Statement).toEqual([
    {
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    },
  ]);
  const { policy } = recorder.inputs(ROLE_POLICY, "machines-images");
  const statements = JSON.parse(String(policy)).Statement as {
    Action: string[];
    Resource: string;
  }[];
  expect(statements.flatMap(({ Action }) => Action)).toEqual([
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
  ]);
  expect(statements[1]?.Resource).toBe("arn:aws:ecr:eu-west-1:*:repository/vm-one/*");
});

test("a boundary limits the role, and a log driver of CloudWatch gives it the groups that are named", async () => {
  const permissionsBoundary = "arn:aws:iam::123456789012:policy/yard-machines";
  const daemon = { "log-driver": "awslogs", "log-opts": { "awslogs-group": "/yard/one" } };
  const groups = { w: { daemon }, m: { daemon: { "log-driver": "journald" } } };
  const { recorder } = await makeAll({ aws: { permissionsBoundary }, hosts: { groups } });
  const role = recorder.inputs("aws:iam/role:Role", "machines-role");
  expect(role.permissionsBoundary).toBe(permissionsBoundary);
  const { policy } = recorder.inputs(ROLE_POLICY, "machines-logs");
  expect(JSON.parse(String(policy)).Statement).toEqual([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [
        "arn:aws:logs:eu-west-1:*:log-group:/yard/one",
        "arn:aws:logs:eu-west-1:*:log-group:/yard/one:*",
      ],
    },
  ]);
  const { stdin } = recorder.inputs(COMMAND, "vm-one-w-0-engine");
  expect(JSON.parse(String(stdin).split("\n")[1] ?? "")).toMatchObject(daemon);
  expect(recorder.inputs(COMMAND, "vm-one-m-0-engine").stdin).toContain('"log-driver":"journald"}');
});

test("a share with iam gives the role the right to mount it", async () => {
  const groups = { m: { image: "al2023" }, w: { image: "al2023" } };
  const { recorder } = await makeAll({ share: { iam: true }, hosts: { groups } });
  const { policy } = recorder.inputs(ROLE_POLICY, "machines-share");
  expect(JSON.parse(String(policy)).Statement).toEqual([
    {
      Effect: "Allow",
      Action: [
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientRootAccess",
        "elasticfilesystem:ClientWrite",
      ],
      Resource: "arn:aws:elasticfilesystem:eu-west-1:*:file-system/*",
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    },
  ]);
});

test("what machines may read are the repositories that the registry makes, whatever the environment's name", async () => {
  const recorder = new Recorder({ stack: "Blue_2" });
  const environment = { ...awsEnvironment(), name: "Blue_2" };
  const network = await createNetwork(environment, recorder.opts);
  const makers = await createHosts(environment, { network }, recorder.opts);
  const hosts = makers.map((maker) => maker.make());
  const registry = new EcrRegistry("registry", { environment, hosts }, recorder.opts);
  registry.build("Demo/api", { context: "." }, __dirname);
  await recorder.settle();
  const made = recorder.inputs("aws:ecr/repository:Repository", "registry-repository-Demo/api");
  const { policy } = recorder.inputs("aws:iam/rolePolicy:RolePolicy", "machines-images");
  const [, resource] = JSON.parse(String(policy)).Statement[1].Resource.split(":repository/");
  expect(made.name).toBe("vm-blue-2/demo/api");
  expect(resource).toBe("vm-blue-2/*");
});

/** For each machine, the node that it waits for. */
async function order(existing: readonly string[]): Promise<{ [machine: string]: string }> {
  const answers = { "aws:ec2/getInstances:getInstances": () => ({ ids: existing }) };
  const { recorder, makers, environment } = await make({}, { answers });
  expect(recorder.list().filter((entry) => entry.startsWith(INSTANCE))).toEqual([]);
  new Swarm("swarm", { hosts: makers, settings: environment.swarm }, recorder.opts);
  await recorder.settle();
  const machines = recorder.list().filter((entry) => entry.startsWith(INSTANCE));
  const waits = machines.map(async (entry) => {
    const name = entry.replace(`${INSTANCE} `, "");
    const { dependsOn } = recorder.declaration(INSTANCE, name).opts;
    const urns = await Promise.all(
      (dependsOn as pulumi.Resource[]).map(({ urn }) => resolved(urn)),
    );
    const nodes = urns.flatMap((urn) => /swarm-node-(.*)$/.exec(urn)?.[1] ?? []);
    return [name.replace("-machine", ""), nodes.join()] as const;
  });
  return Object.fromEntries(await Promise.all(waits));
}

test("managers are created in parallel at first, and changed one after the other later", async () => {
  const none = { "vm-one-m-0": "", "vm-one-m-1": "", "vm-one-m-2": "", "vm-one-w-0": "" };
  expect(await order([])).toEqual(none);
  expect(await order(["i-1"])).toEqual({
    ...none,
    "vm-one-m-1": "vm-one-m-0",
    "vm-one-m-2": "vm-one-m-1",
  });
});

test("a network in which a host's zone has no subnet is a bug in the program", async () => {
  const recorder = new Recorder({ stack: "one" });
  const { aws } = await createNetwork(awsEnvironment(), recorder.opts);
  expect(await resolved(aws?.subnetIn("eu-west-1b") ?? "")).toBe("network-subnet-eu-west-1b-id");
  expect(() => aws?.subnetIn("eu-west-1c")).toThrow("the network has no subnet in eu-west-1c");
});

test("a protected environment's machines and swarm are protected by Pulumi, and by AWS where it can", async () => {
  const groups = { spare: { instanceType: "t3.large", zones: ["eu-west-1a"], spot: true } };
  const { recorder, environment, makers } = await make({ protected: true, hosts: { groups } });
  const { swarm: settings } = environment;
  const protect = environment.protected === true;
  new Swarm("swarm", { hosts: makers, settings, protect }, recorder.opts);
  await recorder.settle();
  const of = (name: string) => [
    recorder.declaration(INSTANCE, name).opts.protect,
    recorder.inputs(INSTANCE, name).disableApiTermination,
  ];
  expect(of("vm-one-w-0-machine")).toEqual([true, true]);
  expect(of("vm-one-spare-0-machine")).toEqual([true, undefined]);
  const cluster = recorder.declaration("swarm:index:Cluster", "swarm-cluster");
  expect(cluster.opts.protect).toBe(true);
});
