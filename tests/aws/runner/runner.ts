import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { type Run, Yard } from "../../e2e/yard";
import { Cloud } from "../lab/cloud";
import { Keeper } from "../lab/keeper";
import { docker, labLabel, Machines } from "../lab/machines";
import { labTools } from "../lab/tools";
import { type Context, stepOf } from "./workflow";

const region = "eu-west-1";
/** As docs/aws.md calls it. */
const bucket = "my-team-state";
/** The lab's machines want to know where a registry is; these pull nothing. */
const noRegistry = { host: "registry.invalid", address: "127.0.0.1", password: "" };

/**
 * A machine that runs the workflows of a checkout, with the state in a bucket and its secrets under
 * a key of the cloud, as a team has them.
 */
export class Runner extends Yard {
  /** What the repository's variables, secrets and the run's own context hold. */
  public context: Context = {};
  private readonly keeper: Keeper;

  private constructor(
    public readonly cloud: Cloud,
    private readonly room: Machines,
    /** Folder that goes with the runner. */
    public readonly own: string,
  ) {
    super("runner");
    const name = room.network;
    this.keeper = new Keeper({ name, label: labLabel, host: noRegistry.host, folders: [own] });
    fs.rmSync(this.settings);
  }

  /** @param cidr network of the VPC in which machines may be made */
  static async open(cidr: string): Promise<Runner> {
    const own = fs.mkdtempSync(path.join(os.tmpdir(), "runner-"));
    const name = "lab-runner";
    const cloud = await Cloud.start(path.join(own, "moto.log"));
    const ca = path.join(own, "nobody.crt");
    fs.writeFileSync(ca, "");
    await docker("network", "create", "--subnet", cidr, name);
    const registry = { ...noRegistry, ca };
    const room = new Machines({ name, cloud, cidr, folder: own, registry });
    const runner = new Runner(cloud, room, own);
    await room.start();
    return runner;
  }

  /** Runs a block of docs/aws.md, the one that has a word, as a person would paste it. */
  async fromTheDocs(word: string): Promise<Run> {
    const page = fs.readFileSync(path.join(this.folder, "docs/aws.md"), "utf8");
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
    const found = blocks.find((block) => block.includes(word));
    if (found === undefined) throw new Error(`docs/aws.md has no block with ${word}`);
    // Pulumi notes a login beside its plugins, which others use too.
    return this.shell(found, { PULUMI_CREDENTIALS_PATH: path.join(this.own, "login") });
  }

  /** Sets a value of an environment file, by path; undefined removes it. */
  configure(stack: string, keys: readonly string[], value: unknown): void {
    const file = this.fileOf(stack);
    const document = parseDocument(fs.readFileSync(file, "utf8"));
    if (value === undefined) document.deleteIn(["config", ...keys]);
    else document.setIn(["config", ...keys], document.createNode(value));
    fs.writeFileSync(file, document.toString());
  }

  /** Leaves out of an environment what its machines have beside the swarm, and reaches them in this machine's network. */
  reachPrivately(stack: string, cidr: string): void {
    this.configure(stack, ["swarmyard:aws", "vpc"], { cidr });
    this.configure(stack, ["swarmyard:aws", "reach"], "private");
    this.configure(stack, ["swarmyard:share"], { kind: "none", path: null });
    this.configure(stack, ["swarmyard:registry"], { kind: "none" });
    this.configure(stack, ["swarmyard:platforms"], { demo: null });
  }

  fileOf(stack: string): string {
    return path.join(this.folder, `Pulumi.${stack}.yaml`);
  }

  /** What the bucket holds as the state of a stack. */
  override stateText(stack = this.stack): string {
    return this.aws("s3", "cp", stateFile(stack), "-");
  }

  /** Writes the state of a stack into the bucket. */
  keepState(stack: string, text: string): void {
    const file = path.join(this.own, "state.json");
    fs.writeFileSync(file, text);
    this.aws("s3", "cp", "--quiet", file, stateFile(stack));
  }

  /** Lets a state be some hours older than it is. @returns its text */
  aged(stack: string, hours: number): string {
    const state = JSON.parse(this.stateText(stack));
    const { manifest } = state.checkpoint.latest;
    manifest.time = new Date(Date.parse(manifest.time) - hours * 3_600_000).toISOString();
    this.keepState(stack, JSON.stringify(state));
    return this.stateText(stack);
  }

  /** Powers a machine off; the cloud still says that it runs. */
  kill(machine: string): Promise<void> {
    return this.room.kill(machine);
  }

  /** Runs a workflow of the checkout. */
  async workflow(name: string, variables: NodeJS.ProcessEnv = {}): Promise<Run> {
    const file = path.join(this.folder, ".github/workflows", `${name}.yml`);
    const { env, run } = stepOf(fs.readFileSync(file, "utf8"), this.context);
    return this.shell(run, { ...env, ...variables });
  }

  /** Runs a line of shell in the checkout. */
  async shell(line: string, variables: NodeJS.ProcessEnv = {}): Promise<Run> {
    const began = Date.now();
    const child = spawn("bash", ["-ec", line], {
      cwd: this.folder,
      env: { ...this.environment, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        output += data.toString();
      });
    }
    const status = await new Promise<number | null>((done) => child.on("close", done));
    return { status, output, silence: (Date.now() - began) / 1000 };
  }

  /** Runs a command of the AWS command line. */
  aws(...args: readonly string[]): string {
    const env = { ...process.env, ...this.cloud.environment, AWS_DEFAULT_REGION: region };
    return execFileSync(path.join(labTools().bin, "aws"), args, { env, encoding: "utf8" });
  }

  override get environment(): NodeJS.ProcessEnv {
    const given = Object.entries(super.environment).filter(
      ([name]) => !/^(AWS|PULUMI)_/.test(name),
    );
    const env = Object.fromEntries(given);
    const command = process.env.SWARMYARD_PULUMI ?? "pulumi";
    return {
      ...env,
      ...this.cloud.environment,
      CI: "true",
      AWS_REGION: region,
      PULUMI_HOME: process.env.SWARMYARD_PULUMI_HOME,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PATH: `${labTools().bin}:${path.dirname(command)}:${env.PATH}`,
    };
  }

  override async close(): Promise<void> {
    this.signal("SIGKILL");
    await this.room.stop();
    this.cloud.stop();
    await this.keeper.finish();
    fs.rmSync(this.folder, { recursive: true, force: true });
    fs.rmSync(super.environment.SWARMYARD_STATE ?? "", { recursive: true, force: true });
  }
}

function stateFile(stack: string): string {
  return `s3://${bucket}/.pulumi/stacks/swarmyard/${stack}.json`;
}
