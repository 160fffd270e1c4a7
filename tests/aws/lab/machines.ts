import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { engineMissingCapabilities } from "../../../components/local-engine/capabilities";
import { contextHash } from "../../../components/local-engine/context-hash";
import type { Cloud, Instance } from "./cloud";

const run = promisify(execFile);

/** Label of everything that a laboratory makes on this machine's engine. */
export const labLabel = "swarmyard.laboratory";

/** Runs a docker command on this machine's engine. @returns what it printed */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", args, { maxBuffer: 1 << 26 });
  return stdout.trim();
}

/** Where a registry is found. */
export interface RegistryNames {
  readonly host: string;
  readonly address: string;
  /** File with the certificate of who vouches for it. */
  readonly ca: string;
  /** What its tokens are. */
  readonly password: string;
}

/** What a laboratory's machines are made of. */
export interface MachinesOptions {
  /** Unique on this machine. */
  readonly name: string;
  readonly cloud: Cloud;
  /** Network of the VPC: machines have their private addresses in it. */
  readonly cidr: string;
  /** Folder for what the machines are given. */
  readonly folder: string;
  /** Where ECR's names lead to, and the certificate that it shows. */
  readonly registry: RegistryNames;
}

/**
 * Watches the cloud and keeps a container for each of its machines: one that starts gets its
 * private address and runs its real user data, one that was terminated is removed.
 */
export class Machines {
  /** States that were followed, by the machine's id. */
  private readonly followed = new Map<string, string>();
  /** Machines that public addresses lead to, by the address. */
  private readonly led = new Map<string, string>();
  private readonly problems: string[] = [];
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: MachinesOptions) {}

  get network(): string {
    return this.options.name;
  }

  /** Builds the machines' image, makes their network and begins to watch. */
  async start(): Promise<void> {
    mkdirSync(join(this.options.folder, "shares"), { recursive: true });
    const context = join(__dirname, "machine");
    const image = `swarmyard/lab-machine:${contextHash(context).slice(0, 12)}`;
    const there = await docker("image", "ls", "-q", image);
    if (there === "") await docker("build", "--quiet", "--tag", image, context);
    this.loop = this.watch(image);
  }

  /** Powers a machine off; the API still says that it runs. */
  async kill(name: string): Promise<void> {
    const machine = await this.find(name);
    await docker("kill", this.container(machine));
  }

  /** Runs a command on a machine, as its root. */
  async on(name: string, ...command: readonly string[]): Promise<string> {
    return docker("exec", this.container(await this.find(name)), ...command);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async find(name: string): Promise<Instance> {
    const machines = await this.options.cloud.machines();
    const found = machines.find((one) => one.name === name && one.state === "running");
    if (found === undefined) throw new Error(`there is no machine ${name}`);
    return found;
  }

  private container({ id }: Pick<Instance, "id">): string {
    return `${this.options.name}-${id}`;
  }

  private async watch(image: string): Promise<void> {
    while (!this.stopped) {
      try {
        await this.makeShares();
        await this.follow(await this.options.cloud.machines(), image);
      } catch (error) {
        this.problems.push(String(error));
        process.stderr.write(`laboratory: ${error}\n`);
      }
      await sleep(300);
    }
  }

  /** What a mounted file system of the cloud is: a folder that all machines see. */
  private async makeShares(): Promise<void> {
    for (const id of await this.options.cloud.fileSystems()) {
      mkdirSync(join(this.options.folder, "shares", id), { recursive: true });
    }
  }

  private async follow(machines: readonly Instance[], image: string): Promise<void> {
    const alive = machines.filter(({ state }) => state !== "terminated");
    const gone = [...this.followed.keys()].filter((id) => !alive.some((one) => one.id === id));
    // Before others boot: one of them may have the address of one that goes.
    await Promise.all(gone.map((id) => this.remove(id)));
    await Promise.all(alive.map((machine) => this.bring(machine, image)));
    for (const machine of alive) await this.lead(machine);
  }

  /** Leads its public address to a machine, as the Internet would: from this machine alone. */
  private async lead({ id, state, address, publicAddress }: Instance): Promise<void> {
    const known = this.led.get(publicAddress ?? "");
    if (state !== "running" || publicAddress === null || known === id) return;
    const whole = `${publicAddress}/32`;
    await docker("exec", this.container({ id }), "ip", "address", "replace", whole, "dev", "lo");
    // It goes with the network's bridge.
    await run("ip", ["route", "replace", whole, "via", address]);
    this.led.set(publicAddress, id);
  }

  /** Lets a container follow what the API says of its machine. */
  private async bring(machine: Instance, image: string): Promise<void> {
    const before = this.followed.get(machine.id);
    if (before === machine.state) return;
    this.followed.set(machine.id, machine.state);
    if (before === undefined && machine.state === "running") await this.boot(machine, image);
    else if (before === "running") await docker("stop", "--time", "30", this.container(machine));
    else if (machine.state === "running") await docker("start", this.container(machine));
  }

  private async remove(id: string): Promise<void> {
    await docker("rm", "--force", "--volumes", this.container({ id }));
    this.followed.delete(id);
  }

  private async boot(machine: Instance, image: string): Promise<void> {
    const { folder, registry, name } = this.options;
    const userData = join(folder, `${machine.id}.user-data`);
    writeFileSync(userData, machine.userData, { mode: 0o600 });
    const certificates = `/etc/docker/certs.d/${registry.host}/ca.crt`;
    await docker(
      "run",
      "--detach",
      "--init",
      ...["--name", this.container(machine)],
      ...["--label", `${labLabel}=${name}`],
      ...["--hostname", `ip-${machine.address.replaceAll(".", "-")}`],
      ...["--network", this.network, "--ip", machine.address],
      ...["--add-host", `${registry.host}:${registry.address}`],
      ...["--cap-add", "ALL"],
      ...engineMissingCapabilities().flatMap((capability) => [
        "--cap-drop",
        capability.replace(/^CAP_/, ""),
      ]),
      ...["seccomp", "apparmor", "systempaths"].flatMap((option) => [
        "--security-opt",
        `${option}=unconfined`,
      ]),
      ...["--volume", `${userData}:/opt/user-data:ro`],
      ...["--volume", `${join(folder, "shares")}:/opt/shares`],
      ...["--volume", `${registry.ca}:${certificates}:ro`],
      ...["--env", `ECR_PASSWORD=${registry.password}`],
      ...["--env", `GPUS=${gpusOf(machine).join(" ")}`],
      image,
    );
  }
}

/** Ids of the GPUs that a machine of its type would have. */
export function gpusOf({ id, type }: Pick<Instance, "id" | "type">): readonly string[] {
  const count = /^(g|p)\d/.test(type) ? 1 : 0;
  return Array.from({ length: count }, (_, index) => {
    const digest = createHash("sha256").update(`${id}/${index}`).digest("hex");
    return `GPU-${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}`;
  });
}
