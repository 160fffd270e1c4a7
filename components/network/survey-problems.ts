import type { AwsSettings } from "../config/aws";
import type { Environment } from "../config/environment";
import { imageParameter } from "../config/images";
import { listed, suggestion } from "../config/nearest";
import { fileProblem, type Problem } from "../config/problem";
import { contains, overlap } from "../config/subnets";

/** What AWS answered, or why it did not. */
export type Asked<T> = { readonly answer: T } | { readonly refusal: string };

/** What AWS knows of an instance type. */
export interface FoundType {
  readonly architectures: readonly string[];
  readonly gpus: number;
}

/** What AWS knows of a subnet. */
export interface FoundSubnet {
  readonly vpc: string;
  readonly zone: string;
  readonly cidr: string;
}

/** Everything that was asked. */
export interface Answers {
  readonly types: ReadonlyMap<string, Asked<FoundType>>;
  readonly zones: Asked<readonly string[]>;
  /** Undefined for a new one. */
  readonly vpc: Asked<{ readonly cidr: string } | undefined>;
  readonly subnets: ReadonlyMap<string, Asked<FoundSubnet>>;
  /** Images by their public parameters. */
  readonly images: ReadonlyMap<string, Asked<string>>;
  readonly managers: Asked<readonly string[]>;
}

/** All that is wrong with what the settings name, as far as AWS knows it. */
export function surveyProblems(environment: Environment, answers: Answers): readonly Problem[] {
  const settings = environment.aws as AwsSettings;
  const general = noAccess(settings, answers);
  if (general !== undefined) return [general];
  return [
    ...typeProblems(environment, answers),
    ...zoneProblems(environment, answers),
    ...imageProblems(environment, answers),
    ...vpcProblems(environment, settings, answers),
    ...subnetProblems(environment, settings, answers),
  ];
}

const CREDENTIALS =
  /credential|InvalidClientTokenId|AuthFailure|ExpiredToken|security token|SignatureDoesNotMatch/i;
const REGION = /invalid (AWS )?region|no such host|UnknownEndpoint/i;
const DENIED = /UnauthorizedOperation|AccessDenied|not authorized/i;

/** What makes AWS answer nothing at all: said once. */
function noAccess(settings: AwsSettings, answers: Answers): Problem | undefined {
  const all = [
    ...answers.types.values(),
    ...answers.images.values(),
    answers.zones,
    answers.vpc,
    answers.managers,
  ];
  const refusals = [...all, ...answers.subnets.values()].flatMap((asked) =>
    "refusal" in asked ? [asked.refusal] : [],
  );
  const region = refusals.find((text) => REGION.test(text));
  if (region !== undefined) {
    const allowed = "a region of AWS that your account has switched on";
    return fileProblem(
      ["aws", "region"],
      said(settings.region, region),
      allowed,
      "`region: eu-west-1`",
    );
  }
  const credentials = refusals.find((text) => CREDENTIALS.test(text));
  if (credentials !== undefined) {
    const allowed = "credentials of an AWS account in the shell that runs pulumi";
    const type =
      "`aws configure sso` and `export AWS_PROFILE=<profile>`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    return fileProblem(["aws"], said("no valid credentials", credentials), allowed, type);
  }
  const denied = refusals.find((text) => DENIED.test(text));
  if (denied === undefined) return undefined;
  const allowed = "an operator with the rights of docs/aws.md";
  return fileProblem(
    ["aws"],
    said("rights that do not suffice", denied),
    allowed,
    "the policy of docs/aws.md for your user or role",
  );
}

/** The provider's own reason stands in a list, below lines that only say that there was an error. */
function said(what: string, refusal: string): string {
  const lines = refusal.split("\n").map((text) => text.trim());
  const reason = lines.find((text) => text.startsWith("* ")) ?? lines.find((text) => text !== "");
  return `${what}: ${(reason ?? refusal).replace(/^\* /, "").replace(/^invocation of \S+ returned an error: /, "")}`;
}

function groupsWith(environment: Environment, type: string): readonly string[] {
  const hosts = environment.hosts.filter((host) => host.aws?.instanceType === type);
  return [...new Set(hosts.map((host) => host.group))];
}

function typeProblems(environment: Environment, { types }: Answers): readonly Problem[] {
  const { region } = environment.aws as AwsSettings;
  return [...types].flatMap(([type, asked]) => {
    const places = groupsWith(environment, type).map((group) => [
      "hosts",
      "groups",
      group,
      "instanceType",
    ]);
    const about = (found: string, allowed: string, what: string) =>
      places.map((keys) => fileProblem(keys, found, allowed, what));
    if ("refusal" in asked) {
      return about(
        `"${type}", which ${region} does not have`,
        "an instance type of that region",
        "`instanceType: t3.medium`",
      );
    }
    const host = environment.hosts.find((one) => one.aws?.instanceType === type)?.aws;
    const { architectures, gpus } = asked.answer;
    if (host !== undefined && !architectures.includes(host.architecture)) {
      const found = `"${type}", which is ${listed(architectures)}`;
      return about(
        found,
        "a type that is x86_64, or a Graviton one that is arm64",
        "`instanceType: t3.medium`",
      );
    }
    if (host !== undefined && host.gpus > gpus) {
      const found = `"${type}", which has ${gpus} GPUs in ${region} and not ${host.gpus}`;
      return about(found, "a type whose GPUs are what they were", "`instanceType: g5.xlarge`");
    }
    return [];
  });
}

function zoneProblems(environment: Environment, { zones }: Answers): readonly Problem[] {
  const settings = environment.aws as AwsSettings;
  if ("refusal" in zones) return [];
  const unknown = settings.zones.filter(({ zone }) => !zones.answer.includes(zone));
  return unknown.flatMap(({ zone }) => {
    const hosts = environment.hosts.filter((host) => host.aws?.zone === zone);
    const groups = [...new Set(hosts.map((host) => host.group))];
    return groups.map((group) =>
      fileProblem(
        ["hosts", "groups", group, "zones"],
        `"${zone}", which your account does not have in ${settings.region}`,
        listed(zones.answer),
        suggestion(zone, zones.answer, `\`zones: [${zones.answer[0] ?? ""}]\``),
      ),
    );
  });
}

function imageProblems(environment: Environment, { images }: Answers): readonly Problem[] {
  return environment.hosts.flatMap(({ group, aws }, index) => {
    const parameter = aws === undefined ? undefined : imageParameter(aws);
    const asked = parameter === undefined ? undefined : images.get(parameter);
    const isFirst = environment.hosts.findIndex((host) => host.group === group) === index;
    if (asked === undefined || !("refusal" in asked) || !isFirst) return [];
    const found = `${aws?.image} for ${aws?.instanceType}, for which ${environment.aws?.region} has no image (${parameter})`;
    const keys = ["hosts", "groups", group, "image"];
    return [fileProblem(keys, found, "ubuntu, al2023 or an image of yours", "`image: ami-…`")];
  });
}

function vpcProblems(
  environment: Environment,
  { vpc }: AwsSettings,
  { vpc: asked }: Answers,
): readonly Problem[] {
  if (vpc.kind === "new") return [];
  const keys = ["aws", "vpc", "id"];
  if ("refusal" in asked || asked.answer === undefined) {
    const found = `${vpc.id}, which is not in ${environment.aws?.region}`;
    return [
      fileProblem(
        keys,
        found,
        "the id of a VPC of that region",
        "`aws ec2 describe-vpcs` lists them",
      ),
    ];
  }
  const { cidr } = asked.answer;
  const pools = [...environment.swarm.addressPools, environment.swarm.platformPool];
  return pools
    .filter((pool) => overlap(pool, cidr))
    .map((pool) => {
      const found = `${vpc.id} with ${cidr}, which overlaps ${pool} of swarmyard:swarm`;
      const allowed = "a VPC that overlaps no network of the swarm";
      return fileProblem(keys, found, allowed, "another pool in swarmyard:swarm, outside the VPC");
    });
}

function subnetProblems(
  environment: Environment,
  { vpc, zones }: AwsSettings,
  { subnets }: Answers,
): readonly Problem[] {
  return zones.flatMap(({ zone, subnet }) => {
    const asked = "id" in subnet ? subnets.get(subnet.id) : undefined;
    if (vpc.kind === "new" || !("id" in subnet) || asked === undefined) return [];
    const about = (found: string, allowed: string, type: string) => [
      fileProblem(["aws", "vpc", "subnets", zone], found, allowed, type),
    ];
    const list = "`aws ec2 describe-subnets` lists them";
    if ("refusal" in asked) {
      return about(`${subnet.id}, which does not exist`, `a subnet of ${vpc.id} in ${zone}`, list);
    }
    const found = asked.answer;
    if (found.vpc !== vpc.id) {
      return about(`${subnet.id}, which is in ${found.vpc}`, `a subnet of ${vpc.id}`, list);
    }
    if (found.zone !== zone) {
      return about(
        `${subnet.id}, which is in ${found.zone}`,
        `a subnet in ${zone}`,
        `\`${found.zone}: ${subnet.id}\``,
      );
    }
    return outside(environment, zone, found.cidr);
  });
}

function outside(environment: Environment, zone: string, cidr: string): readonly Problem[] {
  return environment.hosts.flatMap(({ name, group, aws }) => {
    if (aws?.zone !== zone || aws.privateAddress === undefined) return [];
    if (contains(cidr, `${aws.privateAddress}/32`)) return [];
    const found = `${aws.privateAddress} for ${name}, which is not in its subnet ${cidr} of ${zone}`;
    const keys = ["hosts", "groups", group, "privateAddresses"];
    return [fileProblem(keys, found, `an address in ${cidr}`, "another address, or another zone")];
  });
}
