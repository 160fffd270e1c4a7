import type { Yard } from "../../e2e/yard";
import { container, hostsOf, on } from "./chaos-yard";

/** Something that is broken until it is repaired. */
type Repair = () => void;

/**
 * Breaks hosts of one environment, and nothing else on this machine: the rules are in the hosts' own
 * containers, and go with them.
 */
export class Faults {
  private readonly repairs: Repair[] = [];

  constructor(private readonly yard: Yard) {}

  /** Lets nothing through between a host and others. */
  cut(name: string, others: readonly string[]): void {
    for (const other of others.filter((one) => one !== name)) {
      const address = this.addressOf(container(this.yard, other));
      this.rule(name, "INPUT", "-s", address, "-j", "DROP");
      this.rule(name, "OUTPUT", "-d", address, "-j", "DROP");
    }
  }

  /** Loses some of the packets that come to a host; `part` is from 0 to 1. */
  lose(name: string, part: number): void {
    const random = ["-m", "statistic", "--mode", "random", "--probability", `${part}`];
    this.rule(name, "INPUT", "-i", "eth+", ...random, "-j", "DROP");
  }

  /** Lets no host reach the registry. */
  cutRegistry(): void {
    const address = this.addressOf(`swarmyard-${this.yard.stack}-registry`);
    for (const name of hostsOf(this.yard)) this.rule(name, "OUTPUT", "-d", address, "-j", "REJECT");
  }

  /** Freezes a host. */
  pause(name: string): void {
    const machine = container(this.yard, name);
    this.yard.engine("pause", machine);
    this.repairs.push(() => {
      // An `up` may have woken it already.
      const isPaused = this.yard.engine("inspect", "-f", "{{.State.Paused}}", machine).trim();
      if (isPaused === "true") this.yard.engine("unpause", machine);
    });
  }

  /**
   * Puts the Docker engine's files on a disk of 1 GiB and fills it. Repaired, the host starts again with
   * its own disk. @returns what the next one hears who writes to it
   */
  fillDisk(name: string): string {
    const within = (command: string) => on(this.yard, name, "sh", "-c", command);
    within("mkdir -p /mnt/full && mount -t tmpfs -o size=1g full /mnt/full");
    within("cp -ax /var/lib/docker/. /mnt/full && mount --bind /mnt/full /var/lib/docker");
    this.repairs.push(() => this.restart(name));
    within("cat /dev/zero 2>/dev/null >/var/lib/docker/ballast || true");
    return within("dd if=/dev/zero of=/var/lib/docker/more bs=1M count=1 2>&1 || true");
  }

  /** Stops a host, changes the files of its Docker engine, and starts it. */
  whileStopped(name: string, script: string): void {
    this.yard.engine("stop", "-t", "15", container(this.yard, name));
    const volume = container(this.yard, name);
    const image = this.yard
      .engine("inspect", "-f", "{{.Image}}", container(this.yard, name))
      .trim();
    const mount = ["--rm", "--volume", `${volume}:/data`, "--entrypoint", "sh"];
    this.yard.engine("run", ...mount, image, "-c", script);
    this.yard.engine("start", container(this.yard, name));
  }

  /** Repairs all of it, the newest fault first. */
  repair(): void {
    for (let last = this.repairs.pop(); last !== undefined; last = this.repairs.pop()) last();
  }

  private restart(name: string): void {
    this.yard.engine("restart", "-t", "10", container(this.yard, name));
  }

  private rule(name: string, chain: string, ...rule: string[]): void {
    on(this.yard, name, "iptables", "-w", "-I", chain, ...rule);
    this.repairs.push(() => {
      try {
        on(this.yard, name, "iptables", "-w", "-D", chain, ...rule);
      } catch {
        // It went with the host, or with its restart.
      }
    });
  }

  private addressOf(machine: string): string {
    const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
    const [address = ""] = this.yard.engine("inspect", "-f", format, machine).trim().split(" ");
    if (address === "") throw new Error(`${machine} has no address`);
    return address;
  }
}
