import * as ec2 from "@pulumi/aws/ec2";
import { getAvailabilityZones } from "@pulumi/aws/getAvailabilityZones";
import type { Provider } from "@pulumi/aws/provider";
import { getParameter } from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import type { AwsHostSettings, AwsSettings } from "../../config/environment/aws";
import type { Environment } from "../../config/environment/environment";
import { refused } from "../../config/file/refused";
import { STACK_LABEL } from "../../model/ownership";
import { imageParameter, ownImage } from "./machine-images";
import { type Answers, type Asked, type FoundSubnet, surveyProblems } from "./survey-problems";

/** What AWS says about an environment before anything is created. */
export interface Survey {
  /** Addresses of the VPC. */
  readonly cidr: string;
  /** Images by their public parameters. */
  readonly images: { readonly [parameter: string]: string };
  /** True when managers of this environment already exist. */
  readonly hasManagers: boolean;
}

/** Tag of a host with its role in the swarm. */
export const ROLE_TAG = "swarmyard.role";

const ALIVE = ["pending", "running", "stopping", "stopped"];

/**
 * Asks AWS about everything the settings name: instance types, zones, the VPC and its subnets.
 *
 * @throws pulumi.RunError with everything AWS rejects
 */
export async function survey(
  environment: Environment,
  settings: AwsSettings,
  provider: Provider,
): Promise<Survey> {
  const hosts = environment.hosts.filter((host) => host.kind === "aws");
  const answers = await ask(
    hosts.map(({ aws }) => aws),
    settings,
    provider,
  );
  const problems = surveyProblems({ environment, settings, hosts }, answers);
  if (problems.length > 0) throw refused(environment.name, problems);
  const { vpc } = settings;
  return {
    cidr: vpc.kind === "new" ? vpc.cidr : (answerOf(answers.vpc)?.cidr ?? ""),
    images: Object.fromEntries(
      [...answers.images].map(([key, asked]) => [key, answerOf(asked) ?? ""]),
    ),
    hasManagers: (answerOf(answers.managers) ?? []).length > 0,
  };
}

async function ask(
  hosts: readonly AwsHostSettings[],
  { vpc, zones }: AwsSettings,
  provider: Provider,
): Promise<Answers> {
  const opts = { provider, async: true };
  const typeNames = hosts.map(({ instanceType }) => instanceType);
  const ids = zones.flatMap(({ zone, subnet }) =>
    "id" in subnet ? [{ zone, id: subnet.id }] : [],
  );
  const parameters = hosts.flatMap((host) => imageParameter(host) ?? []);
  const ownImages = hosts.flatMap((host) => ownImage(host) ?? []);
  const [types, zonesFound, vpcFound, subnets, images, own, managers] = await Promise.all([
    byKey([...new Set(typeNames)], async (type) => {
      const found = await ec2.getInstanceType({ instanceType: type }, opts);
      return {
        architectures: found.supportedArchitectures,
        gpus: (found.gpuses ?? []).reduce((sum, gpu) => sum + gpu.count, 0),
      };
    }),
    asked(async () => (await getAvailabilityZones({ state: "available" }, opts)).names),
    asked(async () => {
      if (vpc.kind === "new") return undefined;
      return { cidr: (await ec2.getVpc({ id: vpc.id }, opts)).cidrBlock };
    }),
    byKey(
      ids.map(({ id }) => id),
      async (id): Promise<FoundSubnet> => {
        const found = await ec2.getSubnet({ id }, opts);
        return { vpc: found.vpcId, zone: found.availabilityZone, cidr: found.cidrBlock };
      },
    ),
    byKey([...new Set(parameters)], async (name) => {
      return (await getParameter({ name }, opts)).insecureValue;
    }),
    byKey([...new Set(ownImages)], async (id) => {
      const filters = [{ name: "image-id", values: [id] }];
      return (await ec2.getAmi({ filters, includeDeprecated: true }, opts)).architecture;
    }),
    asked(async () => (await ec2.getInstances(managersOf(), opts)).ids),
  ]);
  return { types, zones: zonesFound, vpc: vpcFound, subnets, images, ownImages: own, managers };
}

function managersOf() {
  const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
  return {
    instanceTags: { [STACK_LABEL]: stack, [ROLE_TAG]: "manager" },
    instanceStateNames: ALIVE,
  };
}

async function asked<T>(question: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { answer: await question() };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

async function byKey<T>(
  keys: readonly string[],
  question: (key: string) => Promise<T>,
): Promise<ReadonlyMap<string, Asked<T>>> {
  return new Map(
    await Promise.all(
      keys.map(async (key): Promise<[string, Asked<T>]> => [key, await asked(() => question(key))]),
    ),
  );
}

function answerOf<T>(asked: Asked<T>): T | undefined {
  return "answer" in asked ? asked.answer : undefined;
}
