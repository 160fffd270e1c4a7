import { run } from "./processes";

/**
 * Counts the connections that hosts' sshd accepts, with a packet filter rule: each begins with
 * one packet from port 22 that has both SYN and ACK.
 */
export class ConnectionCounter {
  private readonly rule: readonly string[];

  /** @param subnet the network of the hosts, as CIDR */
  constructor(subnet: string) {
    const answer = ["-p", "tcp", "--sport", "22", "--tcp-flags", "SYN,ACK", "SYN,ACK"];
    this.rule = ["INPUT", "-s", subnet, ...answer, "-m", "comment", "--comment", "swarmyard-bench"];
  }

  /** Begins to count; where that is not allowed, `read` knows nothing. */
  async open(): Promise<void> {
    await this.close();
    await iptables("-I", ...this.rule);
  }

  /** Connections so far; undefined when they cannot be counted here. */
  async read(): Promise<number | undefined> {
    const { stdout } = await iptables("-nvxL", "INPUT");
    return parseCount(stdout, this.subnet);
  }

  async close(): Promise<void> {
    while ((await iptables("-D", ...this.rule)).status === 0);
  }

  private get subnet(): string {
    return this.rule[2] ?? "";
  }
}

function iptables(...args: readonly string[]) {
  return run({ command: "iptables", args: ["-w", ...args] });
}

/** Packets that met our rule, from a listing of the chain. Pure. */
export function parseCount(listing: string, subnet: string): number | undefined {
  const line = listing
    .split("\n")
    .find((text) => text.includes("swarmyard-bench") && text.includes(` ${subnet} `));
  const packets = line?.trim().split(/\s+/)[0];
  return packets === undefined ? undefined : Number(packets);
}
