import { parseCidr } from "../../../model/addresses/subnets";
import { listed, suggestion } from "../../../model/nearest";
import { fileProblem, missingValue, type Problem } from "../../../model/problem";
import { awsDefaultValues, VPC_BITS } from "../../environment/aws-defaults";
import { GPU_RESOURCE, gpusOf, gpuTypeExamples } from "../../environment/instance-types";
import { publishedPorts } from "../../environment/published-ports";
import type { Check, Flight } from "../flight";
import { checkAddresses } from "./aws-addresses";

/** What an environment with machines on AWS must state, and contradictions in it. */
export const checkAws: Check = (flight) => {
  const { environment, known } = flight;
  if (environment.aws === undefined || !known.counts) return [];
  return [
    ...required(flight),
    ...mixture(flight),
    ...vpc(flight),
    ...groups(flight),
    ...operatorKey(flight),
    ...checkAddresses(flight),
  ];
};

/** Managers that AWS may take away, and published ports that nobody can reach. */
export const warnAws: Check = ({ environment, drafts }) => {
  const { aws, hosts } = environment;
  if (aws === undefined) return [];
  const problems: Problem[] = [];
  const spot = new Set(
    hosts
      .filter((host) => host.kind === "aws" && host.role === "manager" && host.aws.spot)
      .map(({ group }) => group),
  );
  for (const group of spot) {
    const found = "true for managers, which AWS may take away at any time, and the swarm with them";
    const keys = ["hosts", "groups", group, "spot"];
    problems.push(fileProblem(keys, { found, allowed: "spot for workers", fix: "remove `spot`" }));
  }
  const published = publishedPorts({ platforms: drafts }).map((port) => port.published);
  const ports = [...new Set(published)];
  if (ports.length > 0 && aws.publicCidrs.length === 0) {
    const found = `nothing, so that nobody can reach the published ports ${ports.join(", ")}`;
    const allowed = "the networks that may reach what platforms publish";
    const fix = "`publicCidrs: [0.0.0.0/0]` for everybody";
    problems.push(fileProblem(["aws", "publicCidrs"], { found, allowed, fix }));
  }
  return problems;
};

function required({ settings }: Flight): readonly Problem[] {
  const problems: Problem[] = [];
  if (settings.aws?.region === undefined) {
    const allowed = "a region, because there are hosts of kind aws";
    problems.push(missingValue(["aws", "region"], { allowed, fix: "`region: eu-west-1`" }));
  }
  if ((settings.aws?.adminCidrs ?? []).length === 0) {
    const allowed = "the networks that may reach the hosts over SSH; there is no default";
    const fix = "`adminCidrs: [<your address>/32]`";
    problems.push(missingValue(["aws", "adminCidrs"], { allowed, fix }));
  }
  return problems;
}

function mixture({ environment }: Flight): readonly Problem[] {
  const local = environment.hosts.filter((host) => host.kind === "local");
  if (local.length === 0) return [];
  const found = `hosts of kind aws together with local ones (${listed(local.map(({ name }) => name))}), which cannot reach each other`;
  const allowed = "hosts of kind aws, or local ones";
  return [
    fileProblem(["hosts", "groups"], { found, allowed, fix: "`kind: aws` at swarmyard:hosts" }),
  ];
}

function vpc({ settings, environment }: Flight): readonly Problem[] {
  const stated = settings.aws?.vpc ?? {};
  const keys = ["aws", "vpc"];
  const problems: Problem[] = [];
  if (stated.id !== undefined && stated.cidr !== undefined) {
    const allowed = "`cidr` for a new VPC, or `id` with `subnets` for an existing one";
    problems.push(
      fileProblem([...keys, "cidr"], {
        found: "`cidr` next to `id`",
        allowed,
        fix: "remove `cidr`",
      }),
    );
  }
  if (stated.subnets !== undefined && stated.id === undefined) {
    const found = "subnets without the VPC that they are in";
    problems.push(
      fileProblem([...keys, "subnets"], { found, allowed: "`id` beside them", fix: "`id: vpc-…`" }),
    );
  }
  if (stated.id !== undefined) problems.push(...uncovered(environment, stated.subnets ?? {}));
  const cidr = environment.aws?.vpc.kind === "new" ? environment.aws.vpc.cidr : undefined;
  const bits = cidr === undefined ? VPC_BITS.widest : parseCidr(cidr).bits;
  if (bits < VPC_BITS.widest || bits > VPC_BITS.narrowest) {
    const allowed = `a network from /${VPC_BITS.widest} to /${VPC_BITS.narrowest}`;
    const fix = "`cidr: 10.20.0.0/16`";
    problems.push(fileProblem([...keys, "cidr"], { found: cidr ?? "", allowed, fix }));
  }
  return problems;
}

/** Zones that have hosts but no subnet. */
function uncovered(
  environment: Flight["environment"],
  subnets: { readonly [zone: string]: string },
): readonly Problem[] {
  const zones = environment.aws?.zones.map(({ zone }) => zone) ?? [];
  return zones
    .filter((zone) => subnets[zone] === undefined)
    .map((zone) => {
      const found = `no subnet for ${zone}, in which hosts are`;
      const allowed = "a subnet for each zone with hosts; the share's mount target is there too";
      const fix = `\`subnets: { ${zone}: subnet-… }\``;
      return fileProblem(["aws", "vpc", "subnets"], { found, allowed, fix });
    });
}

function groups({ settings, environment }: Flight): readonly Problem[] {
  const region = settings.aws?.region;
  return Object.entries(environment.groups).flatMap(([name, { kind }]) => {
    const group = settings.hosts.groups[name];
    if (kind !== "aws" || group === undefined) return [];
    const keys = ["hosts", "groups", name];
    const problems: Problem[] = [];
    const foreign = (group.zones ?? []).filter((zone) => zone.slice(0, -1) !== region);
    if (region !== undefined && foreign.length > 0) {
      const found = `${foreign.join(", ")}, not in ${region}`;
      const near = foreign.map((zone) => `${region}${zone.at(-1)}`);
      const fix = `\`zones: [${near.join(", ")}]\``;
      problems.push(fileProblem([...keys, "zones"], { found, allowed: `zones of ${region}`, fix }));
    }
    problems.push(
      ...gpus(keys, group.instanceType ?? awsDefaultValues.instanceType, group.resources ?? {}),
    );
    problems.push(...disk(keys, group.disk ?? {}));
    return problems;
  });
}

function gpus(
  keys: readonly string[],
  instanceType: string,
  resources: { readonly [kind: string]: number },
): readonly Problem[] {
  const asked = resources[GPU_RESOURCE];
  const has = gpusOf(instanceType);
  if (asked === undefined || asked === has) return [];
  const what = has === 0 ? "has no NVIDIA GPU" : `has ${has}`;
  const found = `${asked} on ${instanceType}, which ${what}`;
  const allowed =
    has === 0 ? `a type with GPUs, such as ${listed(gpuTypeExamples)}` : `${has}; leave it out`;
  const fix = has === 0 ? `\`instanceType: ${gpuTypeExamples[1]}\`` : `remove \`${GPU_RESOURCE}\``;
  return [fileProblem([...keys, "resources", GPU_RESOURCE], { found, allowed, fix })];
}

function disk(
  keys: readonly string[],
  stated: { type?: string; iops?: number; throughput?: number },
): readonly Problem[] {
  const { type = "gp3", iops, throughput } = stated;
  const about = (key: string, found: string, allowed: string, what: string) =>
    fileProblem([...keys, "disk", key], { found, allowed, fix: what });
  const problems: Problem[] = [];
  if (throughput !== undefined && type !== "gp3") {
    problems.push(about("throughput", `a throughput for ${type}`, "only for gp3", "`type: gp3`"));
  }
  if (iops !== undefined && type === "gp2") {
    problems.push(about("iops", "iops for gp2", "only for gp3, io1 and io2", "`type: gp3`"));
  }
  if (iops === undefined && (type === "io1" || type === "io2")) {
    problems.push(
      about("iops", "nothing", `a number, which ${type} must be set explicitly`, "`iops: 3000`"),
    );
  }
  return problems;
}

function operatorKey({ settings, environment, world }: Flight): readonly Problem[] {
  const secret = settings.aws?.sshKey?.secret;
  if (secret === undefined || world.hasSecret === undefined || world.hasSecret(secret)) return [];
  const known = world.secretKeys ?? [];
  const found = `${secret}, a secret that this stack does not have`;
  const set = `\`npm run secret -- set ${secret} -s ${environment.name} < <file of the private key>\``;
  return [
    fileProblem(["aws", "sshKey", "secret"], {
      found,
      allowed: listed(known),
      fix: suggestion(secret, known, set),
    }),
  ];
}
