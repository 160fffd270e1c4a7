import { existsSync, readFileSync } from "node:fs";
import type { Survey } from "./survey";

/** What of this machine is in use by something other than one environment. */
export interface Occupied {
  readonly networks: readonly { readonly name: string; readonly subnet: string }[];
  /** Who holds each port of 127.0.0.1, in words. */
  readonly ports: ReadonlyMap<number, string>;
}

/**
 * What others hold. What the environment's own networks and running containers hold is left out. Pure.
 *
 * @param listening ports of this machine on which something listens
 * @param owner the environment, as `<project>/<stack>`
 */
export function occupied(
  { networks, containers }: Survey,
  listening: readonly number[],
  owner: string,
): Occupied {
  const own = containers.filter((one) => one.owner === owner);
  const held = new Set(own.flatMap(({ ports }) => ports));
  const foreign = containers.filter((one) => one.owner !== owner);
  const ports = new Map<number, string>();
  for (const port of listening) ports.set(port, "another program of this machine");
  for (const { name, ports: theirs } of foreign) {
    for (const port of theirs) ports.set(port, `the container ${name}`);
  }
  for (const port of held) ports.delete(port);
  return {
    networks: networks
      .filter((one) => one.owner !== owner)
      .flatMap(({ name, subnets }) => subnets.map((subnet) => ({ name, subnet }))),
    ports,
  };
}

/** TCP ports that cannot be opened on 127.0.0.1, because something listens there; none where that cannot be seen. */
export function listeningPorts(): readonly number[] {
  const files = ["/proc/net/tcp", "/proc/net/tcp6"].filter((file) => existsSync(file));
  return [...new Set(files.flatMap((file) => readListening(readFileSync(file, "utf8"))))];
}

const LISTEN = "0A";
/** 127.0.0.1, and what includes it, in the kernel's form: words of 32 bits, each with its lowest byte first. */
const COVERING: readonly string[] = [
  "0100007F",
  "00000000",
  "00000000000000000000000000000000",
  "0000000000000000FFFF00000100007F",
  "0000000000000000FFFF000000000000",
];

/** Ports of the kernel's table of TCP sockets that listen on 127.0.0.1. Pure. */
export function readListening(table: string): readonly number[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    return state === LISTEN && COVERING.includes(address) ? [Number.parseInt(port, 16)] : [];
  });
}
