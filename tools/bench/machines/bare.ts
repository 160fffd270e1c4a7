import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { must, run } from "../processes";
import { sweepPeer } from "../subjects/peer";
import { missingCapabilities } from "./capabilities";

/** A machine without a Docker engine. */
export interface BareMachine {
  /** Name of its container, and its hostname. */
  readonly name: string;
  readonly address: string;
}

const image = "swarmyard/bench-machine:1";
const context = join(__dirname, "../peers/machines/image");

/** Bare machines of one subject, which it makes a swarm of. */
export class BareMachines {
  /** With the private key, and for what a subject writes. */
  public readonly folder = mkdtempSync(join(tmpdir(), "swarmyard-bench-machines-"));
  public machines: readonly BareMachine[] = [];

  /** @param name of the subject */
  constructor(private readonly name: string) {}

  /** File of the private key that opens all of them. */
  get key(): string {
    return join(this.folder, "key");
  }

  private get network(): string {
    return networkOf(this.name);
  }

  /** Starts so many, and waits until their sshd answers. */
  async start(count: number): Promise<void> {
    await must("Building the image", {
      command: "docker",
      args: ["build", "--quiet", "--tag", image, context],
    });
    await sweepPeer(this.network);
    const keygen = ["-q", "-t", "ed25519", "-N", "", "-f", this.key];
    await must("Making a key", { command: "ssh-keygen", args: keygen });
    await docker("network", "create", this.network);
    const names = Array.from({ length: count }, (_, n) => `${this.network}-${n}`);
    for (const name of names) await this.run(name);
    this.machines = await Promise.all(
      names.map(async (name) => ({ name, address: await this.address(name) })),
    );
    for (const name of names) await booted(name);
  }

  private async run(name: string): Promise<void> {
    const authorized = readFileSync(`${this.key}.pub`, "utf8").trim();
    await docker(
      ...["run", "--detach", "--init", "--name", name, "--hostname", name],
      ...["--network", this.network, "--cap-add", "ALL"],
      ...missingCapabilities().flatMap((one) => ["--cap-drop", one]),
      ...["seccomp", "apparmor", "systempaths"].flatMap((one) => [
        "--security-opt",
        `${one}=unconfined`,
      ]),
      ...["--env", `AUTHORIZED=${authorized}`, image],
    );
  }

  private async address(name: string): Promise<string> {
    const format = `{{(index .NetworkSettings.Networks "${this.network}").IPAddress}}`;
    return (await docker("inspect", "--format", format, name)).trim();
  }

  /** Logins that the sshd of all machines accepted so far. */
  async logins(): Promise<number> {
    const logs = await Promise.all(
      this.machines.map(({ name }) => docker("exec", name, "cat", "/var/log/sshd.log")),
    );
    return logs.reduce((sum, log) => sum + loginsIn(log), 0);
  }

  /** What is wrong with the swarm; undefined when every machine is a ready node with its label. */
  async shortfall(): Promise<string | undefined> {
    const [first] = this.machines;
    if (first === undefined) return "there are no machines";
    const format = '{{.Description.Hostname}} {{.Status.State}} {{index .Spec.Labels "bench"}}';
    const inspect = `docker node inspect --format '${format}' $(docker node ls --quiet)`;
    const { stdout } = await run({
      command: "docker",
      args: ["exec", first.name, "sh", "-c", inspect],
    });
    return lacking(
      stdout,
      this.machines.map(({ name }) => name),
    );
  }

  async close(): Promise<void> {
    await sweepPeer(this.network);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Name of a subject's network, and beginning of its machines' names. Pure. */
export function networkOf(subject: string): string {
  return `bench-machines-${subject}`;
}

/** Logins that an sshd accepted, from its log. Pure. */
export function loginsIn(log: string): number {
  return log.split("\n").filter((line) => /\bAccepted \S+ for /.test(line)).length;
}

/** What is missing of a swarm, from `<hostname> <state> <label>` of each node. Pure. */
export function lacking(nodes: string, names: readonly string[]): string | undefined {
  const found = nodes.split("\n").filter((line) => line !== "");
  const without = names.filter((name) => !found.includes(`${name} ready true`));
  return without.length === 0 ? undefined : `not ready nodes with a label: ${without.join(", ")}`;
}

function docker(...args: readonly string[]): Promise<string> {
  return must(`docker ${args[0]}`, { command: "docker", args });
}

async function booted(name: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { status } = await run({
      command: "docker",
      args: ["exec", name, "test", "-e", "/run/booted"],
    });
    if (status === 0) return;
    await sleep(200);
  }
  throw new Error(`The machine ${name} does not start.`);
}
