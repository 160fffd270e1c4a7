import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Yard } from "../../e2e/yard";
import { Cloud } from "./cloud";
import { Keeper } from "./keeper";
import { docker, labLabel, Machines } from "./machines";
import { awsPluginProblem } from "./plugin";
import { Ecr } from "./registry";
import { labTools } from "./tools";

const account = "123456789012";
const region = "eu-west-1";
const checkout = path.resolve(__dirname, "../../..");
const ecrHost = `${account}.dkr.ecr.${region}.amazonaws.com`;

/**
 * A copy of the checkout with an environment on AWS, where AWS is moto and each of its machines is
 * a container here. It is driven with the same commands that a person types.
 */
export class Laboratory extends Yard {
  private constructor(
    stack: string,
    public readonly cloud: Cloud,
    private readonly keeper: Keeper,
    private readonly equipment: Machines | undefined,
    private readonly ecr: Ecr | undefined,
  ) {
    super(stack);
  }

  /**
   * @param from environment file that the environment begins as
   * @param cidr network of its VPC; undefined for a laboratory that makes no machines
   */
  static async open(stack: string, from: string, cidr?: string): Promise<Laboratory> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `lab-${stack}-`));
    const name = `lab-${stack}`;
    const keeper = new Keeper({ name, label: labLabel, host: ecrHost, folders: [folder] });
    const cloud = await Cloud.start(path.join(folder, "moto.log"));
    const rooms = cidr === undefined ? undefined : await furnish(name, cidr, folder, cloud);
    const make = () => new Laboratory(stack, cloud, keeper, rooms?.machines, rooms?.ecr);
    const lab = withTemporary(folder, make);
    // From the checkout: in the copy, the file of this very stack is a local one's.
    fs.copyFileSync(path.join(checkout, from), lab.settings);
    // What docs/aws.md has a team create once; the operator's policy refuses roles without it.
    const boundary = `arn:aws:iam::${account}:policy/yard-machines`;
    lab.set(["swarmyard:aws", "permissionsBoundary"], boundary);
    if (cidr !== undefined) {
      lab.set(["swarmyard:aws", "vpc"], { cidr });
      lab.set(["swarmyard:swarm", "discovery"], "dnsrr");
      lab.set(["swarmyard:swarm", "publish"], "host");
      // The kernel of a machine that runs tests may not know ESP.
      lab.set(["swarmyard:swarm", "encrypted"], false);
    }
    lab.commit();
    lab.pulumi("stack", "init", stack, "--secrets-provider", "passphrase", "--no-select");
    lab.git("checkout", "-q", "--", ".");
    return lab;
  }

  /** The machines of the environment. */
  get room(): Machines {
    if (this.equipment === undefined) throw new Error("this laboratory makes no machines");
    return this.equipment;
  }

  override get environment(): NodeJS.ProcessEnv {
    const { SWARMYARD_STATE: state = "", PATH: search, ...rest } = super.environment;
    const backend = path.join(state, this.stack, "backend");
    fs.mkdirSync(backend, { recursive: true });
    return {
      ...rest,
      ...this.cloud.environment,
      PATH: `${this.awsFolder()}:${search}`,
      SWARMYARD_STATE: state,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "laboratory",
      PULUMI_HOME: process.env.SWARMYARD_PULUMI_HOME,
    };
  }

  /** URN of a resource by its type's name and its own, as far as the state has it. */
  urn(type: string, name: string): string {
    const resources = this.exported() as readonly { readonly urn: string }[];
    const found = resources.find(({ urn }) => urn.endsWith(`:${type}::${name}`));
    if (found === undefined) throw new Error(`the state has no ${type} ${name}`);
    return found.urn;
  }

  /** Runs a command of the Pulumi command line in the copy. */
  pulumi(...args: readonly string[]): string {
    const command = process.env.SWARMYARD_PULUMI ?? "pulumi";
    return execFileSync(command, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: {
        ...this.environment,
        PATH: `${path.dirname(command)}:${this.environment.PATH}`,
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 26,
    });
  }

  /** Runs a command of the AWS command line against the laboratory's cloud. */
  aws(...args: readonly string[]): string {
    const command = path.join(labTools().bin, "aws");
    const env = { ...process.env, ...this.cloud.environment, AWS_DEFAULT_REGION: region };
    return execFileSync(command, args, { env, encoding: "utf8" });
  }

  override async close(): Promise<void> {
    this.signal("SIGKILL");
    await this.equipment?.stop();
    this.ecr?.stop();
    this.cloud.stop();
    await this.keeper.finish();
    fs.rmSync(this.folder, { recursive: true, force: true });
    fs.rmSync(super.environment.SWARMYARD_STATE ?? "", { recursive: true, force: true });
  }

  /** Only the `aws` command of the tools, not their Python. */
  private awsFolder(): string {
    const folder = path.join(this.folder, ".laboratory-bin");
    if (!fs.existsSync(folder)) {
      fs.mkdirSync(folder);
      fs.symlinkSync(path.join(labTools().bin, "aws"), path.join(folder, "aws"));
      fs.appendFileSync(path.join(this.folder, ".git/info/exclude"), "\n.laboratory-bin\n");
    }
    return folder;
  }
}

/** Lets what is made have its temporary folders in one that the keeper removes. */
function withTemporary<T>(folder: string, make: () => T): T {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

async function furnish(name: string, cidr: string, folder: string, cloud: Cloud) {
  const problem = awsPluginProblem();
  if (problem !== undefined) throw new Error(problem);
  const address = `${cidr.split(".").slice(0, 2).join(".")}.0.1`;
  await docker("network", "create", "--subnet", cidr, "--gateway", address, name);
  const password = execFileSync(
    path.join(labTools().bin, "aws"),
    ["ecr", "get-login-password", "--region", region],
    { env: { ...process.env, ...cloud.environment }, encoding: "utf8" },
  ).trim();
  const ecr = await Ecr.start({ name, folder, host: ecrHost, address, password });
  const ca = path.join(folder, "registry.crt");
  fs.mkdirSync(`/etc/docker/certs.d/${ecrHost}`, { recursive: true });
  fs.copyFileSync(ca, `/etc/docker/certs.d/${ecrHost}/ca.crt`);
  fs.appendFileSync("/etc/hosts", `${address} ${ecrHost} # ${name}\n`);
  const registry = { host: ecrHost, address, ca, password };
  const machines = new Machines({ name, cloud, cidr, folder, registry });
  await machines.start();
  return { ecr, machines };
}
