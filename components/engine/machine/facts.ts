import { rangeOf } from "../../model/addresses/subnets";
import { printable } from "../../model/printable";
import type { Membership } from "./membership";

/** One address of a machine. */
export interface Interface {
  readonly name: string;
  /** With its prefix: `10.0.0.10/24`. */
  readonly address: string;
  /** 0 when it is not known. */
  readonly mtu: number;
}

/** What a machine said about itself. Sizes are in bytes. */
export interface MachineFacts {
  readonly os: {
    /** Such as `debian`, as in os-release. */
    readonly id: string;
    /** Systems that it is like, such as `rhel fedora`. */
    readonly like: string;
    readonly version: string;
    /** For people. */
    readonly name: string;
  };
  /** As the kernel writes it: `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly hostname: string;
  /** Empty when it has none. */
  readonly machineId: string;
  readonly cpus: number;
  readonly memory: number;
  /** Of the file system that the Docker engine keeps its data on. */
  readonly disk: number;
  readonly free: number;
  readonly interfaces: readonly Interface[];
  /** Interface of the default route. @default it has none */
  readonly route?: string;
  /** Each with its id and its name: `GPU-… NVIDIA A10G`. */
  readonly gpus: readonly string[];
  /** Whether systemd starts what runs on it. @default not known */
  readonly systemd?: boolean;
  /** Undefined when no Docker engine answers. */
  readonly engine?: { readonly version: string; readonly api: string };
  /** Of its Docker engine: `inactive`, `active`, `pending`, `error`, `locked`. @default there is none */
  readonly swarm?: string;
}

/** Everything that the probes printed; facts and what tells whether the machine can be used. */
export interface Probed {
  readonly facts: MachineFacts;
  /** Commands that were looked for and are there. */
  readonly has: readonly string[];
  /** `Linux`. */
  readonly kernel: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** A Docker engine of a kind that cannot be a node. */
  readonly unusable?: "snap" | "rootless" | "podman";
  /** Whether the Docker engine's program is there. */
  readonly dockerd: boolean;
  /** Why the Docker engine does not answer although its socket is there. */
  readonly engineError?: string;
  readonly liveRestore: boolean;
  /** daemon.json is not JSON. */
  readonly badSettings: boolean;
  readonly nvidiaRuntime: boolean;
  /** Environment that the machine belongs to: `<project>/<stack>`. */
  readonly owner?: string;
  /** The swarm that it is in. */
  readonly membership: Membership;
  /** Ports of the swarm that something listens on: `2377/tcp`. */
  readonly busy: readonly string[];
}

/** Reads what the probes printed, a `key=value` a line, as text that can be printed. Other lines are ignored. */
export function readProbe(output: string): Probed {
  const pairs = output.split("\n").flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    return at < 1 ? [] : [[line.slice(0, at), printable(line.slice(at + 1).trim())]];
  });
  const all = (key: string) => pairs.filter(([name]) => name === key).map(([, value]) => value);
  const one = (key: string) => all(key)[0] ?? "";
  const optional = (key: string) => one(key) || undefined;
  const [version, api] = [optional("engine"), one("api")];
  const ofUser = optional("rootless") !== undefined && version === undefined;
  const rootless = ofUser || one("security").includes("name=rootless");
  return {
    facts: {
      os: { id: one("osId"), like: one("osLike"), version: one("osVersion"), name: one("osName") },
      architecture: one("arch"),
      hostname: one("hostname"),
      machineId: one("machineId"),
      cpus: Number(one("cpus")),
      memory: Number(one("memory")),
      disk: Number(one("disk")),
      free: Number(one("free")),
      interfaces: all("interface").flatMap(interfaceOf),
      route: optional("route"),
      gpus: all("gpu"),
      ...(one("systemd") === "" ? {} : { systemd: one("systemd") === "yes" }),
      ...(version === undefined ? {} : { engine: { version, api } }),
      swarm: optional("swarm"),
    },
    has: all("has"),
    kernel: one("kernel"),
    time: Number(one("time")),
    unusable: kindOfEngine(one("snap") === "yes", one("podman") === "yes", rootless),
    dockerd: one("dockerd") === "yes",
    engineError: optional("engineError"),
    liveRestore: one("liveRestore") === "true",
    badSettings: one("badSettings") === "yes",
    nvidiaRuntime: one("nvidiaRuntime") === "yes",
    owner: optional("owner"),
    membership: membershipOf(one("swarm"), optional("cluster"), all("peer")),
    busy: [...new Set(all("busy"))],
  };
}

function membershipOf(
  state: string,
  swarm: string | undefined,
  peers: readonly string[],
): Membership {
  const nodes = peers.map((text) => {
    const [name = "", status = ""] = text.split(" ");
    return { name, status };
  });
  return {
    state: state || "inactive",
    ...(swarm === undefined ? {} : { swarm }),
    ...(nodes.length === 0 ? {} : { nodes }),
  };
}

function kindOfEngine(snap: boolean, podman: boolean, rootless: boolean): Probed["unusable"] {
  if (snap) return "snap";
  if (podman) return "podman";
  return rootless ? "rootless" : undefined;
}

/** Other machines use the address in their scripts, as root: what is not an IPv4 address is left out. */
function interfaceOf(text: string): readonly Interface[] {
  const [name = "", address = "", mtu = ""] = text.split(" ");
  return rangeOf(address) === undefined ? [] : [{ name, address, mtu: Number(mtu) }];
}

/**
 * Address at which other machines reach this one: the one asked for, the one that SSH uses if the
 * machine has it, or that of the default route. Undefined when it has none of them.
 */
export function privateAddressOf(
  { interfaces, route }: Pick<MachineFacts, "interfaces" | "route">,
  dialed: string,
  wanted?: string,
): string | undefined {
  if (wanted !== undefined) return wanted;
  const plain = ({ address }: Interface) => address.replace(/\/.*/, "");
  if (interfaces.some((one) => plain(one) === dialed)) return dialed;
  const first = interfaces.find(({ name }) => name === route) ?? interfaces[0];
  return first && plain(first);
}
