import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineMissingCapabilities } from "../../components/local-engine/capabilities";
import { contextHash } from "../../components/local-engine/context-hash";
import { baseOf, type LocalEngine } from "../../components/model/local-engines";

/** Label of everything that a test makes for its machines. */
const label = "swarmyard.test-machines";

/** Runs a docker command on this machine's engine. @returns what it printed */
export function docker(...args: readonly string[]): string {
  return execFileSync("docker", args, {
    encoding: "utf8",
    stdio: "pipe",
    maxBuffer: 2 ** 28,
  }).trim();
}

/** A machine that the program did not make. */
export interface MachineOptions {
  /** Its hostname. */
  readonly hostname: string;
  /** Its daemon.json; it comes with a Docker engine. @default it has none */
  readonly settings?: string;
  /** More arguments of `docker run`. @default none */
  readonly run?: readonly string[];
  /** Its system. @default debian-12 */
  readonly system?: LocalEngine;
}

/** A server with a system, as somebody set it up by hand. @returns its image */
function imageOf(system: LocalEngine): string {
  const context = join(__dirname, "machine");
  const image = `swarmyard/test-machine:${contextHash(context).slice(0, 12)}-${system}`;
  const base = `base=${baseOf(system).image}`;
  if (docker("image", "ls", "-q", image) === "") {
    docker("build", "-q", "-t", image, "--build-arg", base, context);
  }
  return image;
}

/** Machines that the program did not make: containers with sshd and users. */
export class Machines {
  constructor(
    /** Unique on this machine. */
    private readonly name: string,
    /** Who may log in, as in authorized_keys. */
    private readonly authorized: string,
  ) {
    this.remove();
    docker("network", "create", "--label", `${label}=${name}`, name);
  }

  /** Starts machines and waits until they are up. */
  async start(machines: { readonly [name: string]: MachineOptions }): Promise<void> {
    for (const [name, options] of Object.entries(machines)) {
      this.run(name, options, imageOf(options.system ?? "debian-12"));
    }
    for (const name of Object.keys(machines)) await this.booted(name);
  }

  private run(
    name: string,
    { hostname, settings = "", run = [] }: MachineOptions,
    image: string,
  ): void {
    docker(
      ...["run", "--detach", "--init", "--name", this.container(name), "--hostname", hostname],
      ...["--label", `${label}=${this.name}`, "--network", this.name, "--cap-add", "ALL"],
      ...engineMissingCapabilities().flatMap((one) => ["--cap-drop", one.replace(/^CAP_/, "")]),
      ...["seccomp", "apparmor", "systempaths"].flatMap((one) => [
        "--security-opt",
        `${one}=unconfined`,
      ]),
      ...["--env", `AUTHORIZED=${this.authorized}`, "--env", `SETTINGS=${settings}`],
      ...run,
      image,
    );
  }

  private async booted(name: string): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      if (this.on(name, "sh", "-c", "test -e /run/booted && echo yes || true") === "yes") return;
      await sleep(500);
    }
    throw new Error(`the machine ${name} does not start: ${docker("logs", this.container(name))}`);
  }

  private container(name: string): string {
    return `${this.name}-${name}`;
  }

  /** Runs a command on a machine, as its root. @returns what it printed */
  on(name: string, ...command: readonly string[]): string {
    return docker("exec", this.container(name), ...command);
  }

  /** Runs a command on a machine with this input. */
  give(name: string, input: Buffer, ...command: readonly string[]): void {
    execFileSync("docker", ["exec", "-i", this.container(name), ...command], { input });
  }

  /** Its address on a network. @default the network of all machines */
  address(name: string, network = this.name): string {
    const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
    return docker("inspect", "--format", format, this.container(name));
  }

  /** Its host key, as in known_hosts. */
  hostKey(name: string): string {
    const [type = "", blob = ""] = this.on(name, "cat", "/etc/ssh/ssh_host_ed25519_key.pub").split(
      " ",
    );
    return `${type} ${blob}`;
  }

  /** Lets nobody log in as root there. */
  refuseRoot(name: string): void {
    const line = "echo 'PermitRootLogin no' > /etc/ssh/sshd_config.d/no-root.conf";
    this.on(name, "sh", "-c", `${line} && kill -HUP $(pgrep -o sshd)`);
  }

  /** Gives machines a second interface, eth1, in a network of their own. */
  interconnect(names: readonly string[]): void {
    docker("network", "create", "--label", `${label}=${this.name}`, this.inner);
    for (const name of names) docker("network", "connect", this.inner, this.container(name));
  }

  /** Its address on the second network. */
  innerAddress(name: string): string {
    return this.address(name, this.inner);
  }

  private get inner(): string {
    return `${this.name}-eth1`;
  }

  /** Gives it another network, with this address. */
  attach(name: string, network: string, address: string): void {
    docker("network", "connect", "--ip", address, network, this.container(name));
  }

  detach(name: string, network: string): void {
    docker("network", "disconnect", network, this.container(name));
  }

  /** What a machine has that a program could leave behind. */
  traces(name: string): string {
    const script = `hostname
cat /etc/hosts /etc/hostname
sha256sum /etc/docker/daemon.json 2>/dev/null || echo "no daemon.json"
ls -d /var/lib/swarmyard /etc/cloud/cloud.cfg.d/99-swarmyard.cfg 2>/dev/null || true
cat /root/.ssh/authorized_keys /home/ubuntu/.ssh/authorized_keys
if [ -S /var/run/docker.sock ]; then
  docker info --format '{{.Swarm.LocalNodeState}}'
  docker network ls --format '{{.Name}}' | sort
  docker ps --all --quiet
  docker volume ls --quiet
fi`;
    return this.on(name, "sh", "-c", script);
  }

  /** Removes all of them, and their network. */
  remove(): void {
    const mine = ["--filter", `label=${label}=${this.name}`, "--quiet"];
    const containers = docker("ps", "--all", ...mine)
      .split("\n")
      .filter((id) => id !== "");
    if (containers.length > 0) docker("rm", "--force", "--volumes", ...containers);
    const networks = docker("network", "ls", ...mine)
      .split("\n")
      .filter((id) => id !== "");
    if (networks.length > 0) docker("network", "rm", ...networks);
  }
}
