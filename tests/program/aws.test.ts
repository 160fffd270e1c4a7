import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { resolved } from "../recorder";
import { configOf, type Ran, runFile, runProgram } from "./run";

vi.setConfig({ testTimeout: 120_000 });

const INSTANCE = "aws:ec2/instance:Instance";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const files = ["Pulumi.dev.yaml", "Pulumi.prod.yaml"];

/** Names of everything of a type. */
function named({ recorder }: Ran, type: string): string[] {
  return recorder
    .list()
    .flatMap((entry) => (entry.startsWith(`${type} `) ? entry.slice(type.length + 1) : []));
}

interface Opening {
  readonly group: string;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrs: readonly string[];
}

/** Everything that security groups let in from networks, whichever way it is written. */
function openings(ran: Ran): Opening[] {
  const inline = named(ran, GROUP).flatMap((group) =>
    ((ran.recorder.inputs(GROUP, group).ingress ?? []) as never[]).map((rule: never) => {
      const {
        protocol,
        fromPort,
        toPort,
        cidrBlocks = [],
        ipv6CidrBlocks = [],
      } = rule as {
        protocol: string;
        fromPort: number;
        toPort: number;
        cidrBlocks?: string[];
        ipv6CidrBlocks?: string[];
      };
      return { group, protocol, fromPort, toPort, cidrs: [...cidrBlocks, ...ipv6CidrBlocks] };
    }),
  );
  const own = named(ran, RULE).map((name) => {
    const { ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6 } = ran.recorder.inputs(RULE, name);
    const cidrs = [cidrIpv4, cidrIpv6].filter((cidr) => cidr !== undefined) as string[];
    const [from, to] = [Number(fromPort ?? 0), Number(toPort ?? 65535)];
    return { group: name, protocol: String(ipProtocol), fromPort: from, toPort: to, cidrs };
  });
  return [...inline, ...own];
}

const world = (cidrs: readonly string[]) => cidrs.some((cidr) => cidr.endsWith("/0"));
const closed = [22, 2377, 7946, 4789, 2049, 9323];

describe.each(files)("policy of %s", (file) => {
  test("ports that only hosts and operators need are closed to the world", async () => {
    const found = openings(await runFile(file));
    expect(found.length).toBeGreaterThan(5);
    const wide = found.filter(
      ({ protocol, fromPort, toPort, cidrs }) =>
        world(cidrs) &&
        (protocol === "-1" || closed.some((port) => fromPort <= port && port <= toPort)),
    );
    expect(wide).toEqual([]);
    const ssh = found.filter(
      ({ fromPort, toPort }) => fromPort <= 22 && 22 <= toPort && fromPort > 0,
    );
    expect(ssh.map(({ cidrs }) => cidrs)).toEqual([["203.0.113.0/24"]]);
    // To networks there is nothing but SSH and what the demo publishes.
    const offered = found.filter(({ cidrs }) => cidrs.length > 0).map(({ fromPort }) => fromPort);
    expect(offered).toEqual([22, 8080]);
  });

  test("overlay networks are encrypted, and machines change the host key of their user data", async () => {
    const ran = await runFile(file);
    const networks = named(ran, "swarm:index:Network");
    expect(networks.length).toBeGreaterThan(0);
    for (const name of networks) {
      expect(ran.recorder.inputs("swarm:index:Network", name).encrypted).toBe(true);
    }
    const changes = named(ran, "command:local:Command").filter((name) => /-key-change$/.test(name));
    expect(changes.length).toBe(named(ran, INSTANCE).length);
  });

  test("disks and file systems are encrypted, machines ask for a token that containers cannot get", async () => {
    const ran = await runFile(file);
    const machines = named(ran, INSTANCE).map((name) => ran.recorder.inputs(INSTANCE, name));
    expect(machines.length).toBeGreaterThan(4);
    for (const { rootBlockDevice, metadataOptions, ebsBlockDevices } of machines) {
      expect(rootBlockDevice).toMatchObject({ encrypted: true });
      expect(ebsBlockDevices).toBeUndefined();
      expect(metadataOptions).toEqual({
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
    }
    const shares = named(ran, "aws:efs/fileSystem:FileSystem");
    expect(shares).toHaveLength(1);
    for (const name of shares) {
      expect(ran.recorder.inputs("aws:efs/fileSystem:FileSystem", name).encrypted).toBe(true);
    }
  });

  test("no secret is in clear in any input", async () => {
    const { recorder } = await runFile(file);
    let secrets = 0;
    for (const entry of recorder.list()) {
      const [type = "", name = ""] = entry.split(" ");
      for (const [key, value] of Object.entries(recorder.inputs(type, name))) {
        if (!/\bprivate .*-key|private operator/.test(JSON.stringify(value ?? null))) continue;
        secrets += 1;
        expect(recorder.secrets(type, name), `${entry} ${key}`).toContain(key);
      }
    }
    expect(secrets).toBeGreaterThan(10);
  });

  test("what runs on a machine runs again on its replacement, even when the old one disappeared on its own", async () => {
    const ran = await runFile(file);
    const ids = new Set(named(ran, INSTANCE).map((name) => `${name}-id`));
    const types = ["command:remote:Command", "command:remote:CopyToRemote"];
    const commands = types.flatMap((type) => named(ran, type).map((name) => [type, name] as const));
    expect(commands.length).toBeGreaterThan(20);
    for (const [type, name] of commands) {
      const [id, ...more] = (ran.recorder.inputs(type, name).triggers ?? []) as string[];
      expect([name, ids.has(id ?? ""), more]).toEqual([name, true, []]);
    }
  });

  test("everything carries the stack's tag", async () => {
    const { recorder } = await runFile(file);
    const stack = `swarmyard/${file.split(".")[1]}`;
    const { defaultTags } = recorder.inputs("pulumi:providers:aws", "aws") as {
      defaultTags: unknown;
    };
    expect(JSON.stringify(defaultTags)).toContain(stack);
    for (const entry of recorder.list().filter((line) => line.startsWith("aws:"))) {
      const [type = "", name = ""] = entry.split(" ");
      const { provider } = recorder.declaration(type, name).opts as { provider?: pulumi.Resource };
      expect(provider, entry).toBeDefined();
    }
  });
});

describe("Pulumi.prod.yaml", () => {
  test("creates this and nothing else", async () => {
    const { recorder } = await runFile("Pulumi.prod.yaml");
    const golden = join(__dirname, "prod.resources.txt");
    await expect(`${recorder.list().join("\n")}\n`).toMatchFileSnapshot(golden);
  });

  test("has three managers in three zones, GPUs, and keeps its data", async () => {
    const ran = await runFile("Pulumi.prod.yaml");
    const inputs = (name: string) => ran.recorder.inputs(INSTANCE, `yard-prod-${name}-machine`);
    expect([0, 1, 2].map((n) => inputs(`platform-${n}`).privateIp)).toEqual([
      "10.20.1.10",
      "10.20.2.10",
      "10.20.3.10",
    ]);
    const subnets = [0, 1, 2].map((n) => inputs(`platform-${n}`).subnetId);
    expect(new Set(subnets).size).toBe(3);
    expect(inputs("gpuworker-0").ami).toContain("base-oss-nvidia-driver-gpu");
    expect(inputs("db-0").ami).toContain("/canonical/ubuntu/");
    const files = "aws:efs/fileSystem:FileSystem";
    const [share = ""] = named(ran, files);
    expect(ran.recorder.declaration(files, share).opts.retainOnDelete).toBe(true);
    const { urls, open } = ran.program as { [key: string]: { [key: string]: unknown } };
    expect(await resolved(open)).toBe("http://public of yard-prod-platform-0-address:8080/");
    expect(Object.keys(urls ?? {})).toContain("demo_web:8080");
    expect(ran.program).not.toHaveProperty("ssh");
  });
});

test("Pulumi.dev.yaml has one zone, spot workers and nothing that is kept", async () => {
  const ran = await runFile("Pulumi.dev.yaml");
  expect(named(ran, "aws:ec2/subnet:Subnet")).toEqual(["network-subnet-eu-west-1a"]);
  const spot = named(ran, INSTANCE).filter(
    (name) => ran.recorder.inputs(INSTANCE, name).instanceMarketOptions !== undefined,
  );
  expect(spot).toEqual(named(ran, INSTANCE).filter((name) => !name.includes("platform")));
  for (const entry of ran.recorder.list()) {
    const [type = "", name = ""] = entry.split(" ");
    const { retainOnDelete, protect } = declared(ran, type, name);
    expect([entry, retainOnDelete ?? false, protect ?? false]).toEqual([entry, false, false]);
  }
});

function declared({ recorder }: Ran, type: string, name: string): pulumi.CustomResourceOptions {
  return recorder.declaration(type, name).opts;
}

test("an environment of any other name works, with what is for other environments left out", async () => {
  const config = {
    ...configOf("Pulumi.dev.yaml"),
    "swarmyard:platforms": { demo: { services: { agent: { only: ["prod"] } } } },
  };
  const ran = await runProgram("test", config);
  expect(named(ran, INSTANCE)).toContain("yard-test-platform-0-machine");
  expect(named(ran, INSTANCE).filter((name) => name.includes("gpuworker"))).toEqual([]);
  expect(named(ran, "swarm:index:Service").filter((name) => name.includes("agent"))).toEqual([]);
  expect(named(ran, "swarm:index:Service").length).toBeGreaterThan(2);
});

test("an environment on this machine loads nothing of AWS, and one on AWS nothing of Docker's machines", async () => {
  const local = await runFile("Pulumi.local.yaml");
  expect(local.recorder.list().filter((entry) => entry.includes("aws"))).toEqual([]);
  const dev = await runFile("Pulumi.dev.yaml");
  expect(dev.recorder.list().filter((entry) => entry.startsWith("docker:index/container"))).toEqual(
    [],
  );
});
