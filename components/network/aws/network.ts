import * as ec2 from "@pulumi/aws/ec2";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import type { AwsHostSettings, AwsSettings, AwsZone } from "../../config/environment/aws";
import type { Environment } from "../../config/environment/environment";
import { publishedPorts } from "../../config/environment/published-ports";
import { imageParameter } from "./machine-images";
import { egressRules, hostRules, type IngressRule, publishedRules } from "./rules";
import type { Survey } from "./survey";
import { awsName, awsTags, stackTags } from "./tags";

/** Arguments of an AwsNetwork. */
export interface AwsNetworkArgs {
  readonly environment: Environment;
  readonly settings: AwsSettings;
  /** Reaches the region. */
  readonly provider: Provider;
  /** What AWS says about everything the settings name. */
  readonly survey: Survey;
}

/** AWS provider for the environment's region; it tags everything that is made by it. */
export function awsProvider(settings: AwsSettings, opts?: pulumi.ResourceOptions): Provider {
  const { region } = settings;
  return new Provider("aws", { region, defaultTags: { tags: stackTags(settings) } }, opts);
}

/**
 * What hosts on AWS are attached to: a new or existing VPC with a subnet per zone, and two
 * security groups that are closed by default.
 *
 * @example
 * const provider = awsProvider(settings);
 * const found = await survey(environment, settings, provider);
 * const network = new AwsNetwork("network", { environment, settings, provider, survey: found });
 */
export class AwsNetwork extends pulumi.ComponentResource {
  public readonly settings: AwsSettings;
  /** AWS provider that every resource on AWS uses; it tags everything. */
  public readonly provider: Provider;
  public readonly survey: Survey;
  public readonly vpcId: pulumi.Output<string>;
  /** Addresses of the VPC. */
  public readonly cidr: string;
  /** Id of the subnet of each zone that has hosts. */
  public readonly zones: ReadonlyMap<string, pulumi.Output<string>>;
  /** Group of all hosts: the swarm's own traffic, and SSH from `adminCidrs`. */
  public readonly hostsSecurityGroupId: pulumi.Output<string>;
  /** Name of the role that all machines get: unique per account, where the environment may exist in two regions. */
  public readonly machineRole: string;
  /** Security group for published ports. */
  public readonly publishedSecurityGroupId: pulumi.Output<string>;
  /** Wait for these before a machine needs internet access. */
  public readonly route: readonly pulumi.Resource[];

  private readonly environment: Environment;

  constructor(name: string, args: AwsNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings } = args;
    super("swarm:network:Aws", name, { region: settings.region }, opts);
    this.environment = args.environment;
    this.settings = settings;
    this.provider = args.provider;
    this.survey = args.survey;
    this.cidr = args.survey.cidr;
    this.machineRole = awsName(args.environment, settings.region, "node");
    const made = settings.vpc.kind === "new" ? this.makeVpc(name, settings.vpc.cidr) : undefined;
    this.vpcId = pulumi.output(made?.id ?? existingId(settings));
    const subnets = settings.zones.map((zone) => this.zoneSubnet(name, zone, made));
    this.zones = new Map(subnets.map(({ zone, id }) => [zone, id]));
    this.route = made === undefined ? [] : this.routes(name, made, subnets);
    const hosts = hostRules(settings.adminCidrs, args.environment.swarm.dataPathPort);
    const published = publishedRules(publishedPorts(args.environment), settings.publicCidrs);
    this.hostsSecurityGroupId = this.securityGroup(name, "hosts", hosts).id;
    this.publishedSecurityGroupId = this.securityGroup(name, "published", published).id;
    this.registerOutputs({ vpcId: this.vpcId });
  }

  /** Id of the subnet of a zone in which hosts are. */
  public subnetIn(zone: string): pulumi.Output<string> {
    const id = this.zones.get(zone);
    if (id === undefined) throw new Error(`the network has no subnet in ${zone}`);
    return id;
  }

  /** Image for a host: the newest of its family, or the one it names. */
  public image(host: AwsHostSettings): string {
    const parameter = imageParameter(host);
    return parameter === undefined ? host.image : (this.survey.images[parameter] ?? "");
  }

  /** Address in a zone that is reserved for the share; undefined when AWS must choose it. */
  public shareAddress(zone: string): string | undefined {
    return this.settings.zones.find((one) => one.zone === zone)?.shareAddress;
  }

  private get own(): pulumi.CustomResourceOptions {
    return { parent: this, provider: this.provider };
  }

  private makeVpc(name: string, cidr: string): ec2.Vpc {
    return new ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: cidr,
        // The share is reached by its name, which answers with the zone's own address.
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: awsTags(this.environment),
      },
      this.own,
    );
  }

  private zoneSubnet(
    name: string,
    { zone, subnet }: AwsZone,
    vpc: ec2.Vpc | undefined,
  ): MadeSubnet {
    if ("id" in subnet || vpc === undefined) {
      return { zone, id: pulumi.output("id" in subnet ? subnet.id : "") };
    }
    const made = new ec2.Subnet(
      `${name}-subnet-${zone}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock: subnet.cidr,
        // Machines have no other internet access: they need it for packages and images.
        mapPublicIpOnLaunch: true,
        tags: awsTags(this.environment, zone),
      },
      this.own,
    );
    return { zone, id: made.id };
  }

  private routes(name: string, vpc: ec2.Vpc, subnets: readonly MadeSubnet[]): pulumi.Resource[] {
    const tags = awsTags(this.environment);
    const gateway = new ec2.InternetGateway(`${name}-gateway`, { vpcId: vpc.id, tags }, this.own);
    const routes = [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }];
    const table = new ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, routes, tags }, this.own);
    return subnets.map(
      ({ zone, id }) =>
        new ec2.RouteTableAssociation(
          `${name}-route-${zone}`,
          { subnetId: id, routeTableId: table.id },
          this.own,
        ),
    );
  }

  // Rules are part of the group itself: one added by hand is removed again.
  private securityGroup(
    name: string,
    what: "hosts" | "published",
    ingress: IngressRule[],
  ): ec2.SecurityGroup {
    const description =
      what === "hosts"
        ? "The swarm among its own hosts, SSH of its operators"
        : "What platforms publish";
    return new ec2.SecurityGroup(
      `${name}-${what}`,
      {
        name: awsName(this.environment, what),
        description,
        vpcId: this.vpcId,
        ingress,
        egress: egressRules,
        tags: awsTags(this.environment, what),
      },
      this.own,
    );
  }
}

interface MadeSubnet {
  readonly zone: string;
  readonly id: pulumi.Output<string>;
}

function existingId({ vpc }: AwsSettings): string {
  return vpc.kind === "existing" ? vpc.id : "";
}
