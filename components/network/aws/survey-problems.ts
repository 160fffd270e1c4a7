import type { AwsSettings } from "../../config/environment/aws";
import type { AwsMachineSettings, Environment } from "../../config/environment/environment";
import { contains, overlap } from "../../model/addresses/subnets";
import { listed, suggestion } from "../../model/nearest";
import { fileProblem, type Problem } from "../../model/problem";
import { imageParameter, ownImage } from "./machine-images";
import { noAccess } from "./refusals";

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

/** All answers. */
export interface Answers {
  readonly types: ReadonlyMap<string, Asked<FoundType>>;
  readonly zones: Asked<readonly string[]>;
  /** Undefined for a new one. */
  readonly vpc: Asked<{ readonly cidr: string } | undefined>;
  readonly subnets: ReadonlyMap<string, Asked<FoundSubnet>>;
  /** Images by their public parameters. */
  readonly images: ReadonlyMap<string, Asked<string>>;
  /** Architectures of images that the settings name by their ids. */
  readonly ownImages: ReadonlyMap<string, Asked<string>>;
  readonly managers: Asked<readonly string[]>;
}

/** What AWS was asked about. */
export interface Surveyed {
  readonly environment: Environment;
  readonly settings: AwsSettings;
  readonly hosts: readonly AwsMachineSettings[];
}

/** Everything wrong with what the settings name, as far as AWS knows. */
export function surveyProblems(surveyed: Surveyed, answers: Answers): readonly Problem[] {
  const { settings } = surveyed;
  const { types, images, ownImages, subnets, zones, vpc, managers } = answers;
  const particular = [types, images, ownImages, subnets]
    .flatMap((asked): Asked<unknown>[] => [...asked.values()])
    .concat(vpc);
  // A list can be empty but not missing: a missing answer is not the settings' fault.
  const general = noAccess(settings.region, refusals(particular), refusals([zones, managers]));
  if (general !== undefined) return [general];
  return [
    ...typeProblems(surveyed, answers),
    ...zoneProblems(surveyed, answers),
    ...imageProblems(surveyed, answers),
    ...ownImageProblems(surveyed, answers),
    ...vpcProblems(surveyed, answers),
    ...subnetProblems(surveyed, answers),
  ];
}

function refusals(all: readonly Asked<unknown>[]): readonly string[] {
  return all.flatMap((asked) => ("refusal" in asked ? [asked.refusal] : []));
}

function groupsOf(hosts: readonly AwsMachineSettings[]): readonly string[] {
  return [...new Set(hosts.map((host) => host.group))];
}

function typeProblems({ settings, hosts }: Surveyed, { types }: Answers): readonly Problem[] {
  const { region } = settings;
  return [...types].flatMap(([type, asked]) => {
    const ofType = hosts.filter(({ aws }) => aws.instanceType === type);
    const places = groupsOf(ofType).map((group) => ["hosts", "groups", group, "instanceType"]);
    const about = (found: string, allowed: string, what: string) =>
      places.map((keys) => fileProblem(keys, { found, allowed, fix: what }));
    if ("refusal" in asked) {
      return about(
        `"${type}", which ${region} does not have`,
        "an instance type of that region",
        "`instanceType: t3.medium`",
      );
    }
    const host = ofType[0]?.aws;
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
      return about(found, "a type with the same GPUs", "`instanceType: g5.xlarge`");
    }
    return [];
  });
}

function zoneProblems({ settings, hosts }: Surveyed, { zones }: Answers): readonly Problem[] {
  if ("refusal" in zones) return [];
  const unknown = settings.zones.filter(({ zone }) => !zones.answer.includes(zone));
  return unknown.flatMap(({ zone }) => {
    return groupsOf(hosts.filter(({ aws }) => aws.zone === zone)).map((group) =>
      fileProblem(["hosts", "groups", group, "zones"], {
        found: `"${zone}", which your account does not have in ${settings.region}`,
        allowed: listed(zones.answer),
        fix: suggestion(zone, zones.answer, `\`zones: [${zones.answer[0] ?? ""}]\``),
      }),
    );
  });
}

function imageProblems({ settings, hosts }: Surveyed, { images }: Answers): readonly Problem[] {
  return hosts.flatMap(({ group, aws }, index) => {
    const parameter = imageParameter(aws);
    const asked = parameter === undefined ? undefined : images.get(parameter);
    const isFirst = hosts.findIndex((host) => host.group === group) === index;
    if (asked === undefined || !("refusal" in asked) || !isFirst) return [];
    const found = `${aws.image} for ${aws.instanceType}, for which ${settings.region} has no image (${parameter})`;
    const keys = ["hosts", "groups", group, "image"];
    return [
      fileProblem(keys, {
        found,
        allowed: "ubuntu, al2023 or your own image",
        fix: "`image: ami-…`",
      }),
    ];
  });
}

function ownImageProblems({ settings, hosts }: Surveyed, answers: Answers): readonly Problem[] {
  const seen = new Set<string>();
  return hosts.flatMap(({ group, aws }) => {
    const id = ownImage(aws);
    const asked = id === undefined ? undefined : answers.ownImages.get(id);
    if (asked === undefined || seen.has(group)) return [];
    seen.add(group);
    const about = (found: string, allowed: string) => [
      fileProblem(["hosts", "groups", group, "image"], { found, allowed, fix: "`image: ubuntu`" }),
    ];
    if ("refusal" in asked) {
      const found = `${id}, which ${settings.region} does not have for your account`;
      return about(found, "an image of that region, ubuntu or al2023");
    }
    if (asked.answer === aws.architecture) return [];
    const found = `${id}, which is ${asked.answer}, for ${aws.instanceType}, which is ${aws.architecture}`;
    return about(found, `an image that is ${aws.architecture}, ubuntu or al2023`);
  });
}

function vpcProblems(
  { environment, settings }: Surveyed,
  { vpc: asked }: Answers,
): readonly Problem[] {
  const { vpc, region } = settings;
  if (vpc.kind === "new") return [];
  const keys = ["aws", "vpc", "id"];
  if ("refusal" in asked || asked.answer === undefined) {
    const found = `${vpc.id}, which is not in ${region}`;
    return [
      fileProblem(keys, {
        found,
        allowed: "the id of a VPC of that region",
        fix: "`aws ec2 describe-vpcs` lists them",
      }),
    ];
  }
  const { cidr } = asked.answer;
  return swarmNetworks(environment)
    .filter(({ network }) => overlap(network, cidr))
    .map(({ network, place }) => {
      const found = `${vpc.id} with ${cidr}, which overlaps ${network} of ${place}`;
      const allowed = "a VPC that overlaps with no network of the swarm";
      return fileProblem(keys, {
        found,
        allowed,
        fix: `another network in ${place}, outside the VPC`,
      });
    });
}

/** Pools of overlay networks, and networks that platforms state themselves. */
function swarmNetworks({ swarm, platforms }: Environment) {
  const pools = [...swarm.addressPools, swarm.platformPool].concat(swarm.ingress?.subnet ?? []);
  const inPools = (network: string) => pools.some((pool) => contains(pool, network));
  const stated = platforms.flatMap(({ name, plan }) =>
    Object.values(plan.networks).flatMap(({ subnet }) =>
      subnet === undefined || inPools(subnet)
        ? []
        : [{ network: subnet, place: `platform ${name}` }],
    ),
  );
  return [...pools.map((network) => ({ network, place: "swarmyard:swarm" })), ...stated];
}

function subnetProblems({ settings, hosts }: Surveyed, { subnets }: Answers): readonly Problem[] {
  const { vpc, zones } = settings;
  return zones.flatMap(({ zone, subnet }) => {
    const asked = "id" in subnet ? subnets.get(subnet.id) : undefined;
    if (vpc.kind === "new" || !("id" in subnet) || asked === undefined) return [];
    const about = (found: string, allowed: string, fix: string) => [
      fileProblem(["aws", "vpc", "subnets", zone], { found, allowed, fix }),
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
    return outside(hosts, zone, found.cidr);
  });
}

function outside(
  hosts: readonly AwsMachineSettings[],
  zone: string,
  cidr: string,
): readonly Problem[] {
  return hosts.flatMap(({ name, group, aws }) => {
    if (aws.zone !== zone || aws.privateAddress === undefined) return [];
    if (contains(cidr, `${aws.privateAddress}/32`)) return [];
    const found = `${aws.privateAddress} for ${name}, which is not in its subnet ${cidr} of ${zone}`;
    const keys = ["hosts", "groups", group, "privateAddresses"];
    return [
      fileProblem(keys, {
        found,
        allowed: `an address in ${cidr}`,
        fix: "another address, or another zone",
      }),
    ];
  });
}
