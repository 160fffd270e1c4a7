import type { LiveNetwork, LiveNode, LiveSwarm } from "../../../components/engine/live";
import type { LiveService, WireSpec } from "../../../components/model/service/wire";
import type { Live } from "../../../tools/adopt/live";

/** A swarm as `docker swarm init` makes it. */
export const swarm: LiveSwarm = {
  ID: "swarm1",
  CreatedAt: "2026-01-01T00:00:00Z",
  Version: { Index: 1 },
  Spec: {
    Orchestration: { TaskHistoryRetentionLimit: 5 },
    CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
    EncryptionConfig: { AutoLockManagers: false },
  },
  DefaultAddrPool: ["10.0.0.0/8"],
  SubnetSize: 24,
  DataPathPort: 4789,
  JoinTokens: { Manager: "m", Worker: "w" },
};

/** A node of it. */
export function nodeOf(
  hostname: string,
  role: "manager" | "worker",
  labels: { readonly [key: string]: string } = {},
  changes: Partial<LiveNode> = {},
): LiveNode {
  const Addr = `10.9.0.${hostname.length}`;
  return {
    ID: `id-${hostname}`,
    CreatedAt: "2026-01-01T00:00:00Z",
    Version: { Index: 1 },
    Spec: { Role: role, Labels: labels, Availability: "active" },
    Description: { Hostname: hostname },
    Status: { State: "ready", Addr },
    ...(role === "manager"
      ? { ManagerStatus: { Leader: false, Reachability: "reachable", Addr: `${Addr}:2377` } }
      : {}),
    ...changes,
  };
}

/** An overlay network of it, as Docker shows one that nobody gave a subnet. */
export function networkOf(name: string, changes: Partial<LiveNetwork> = {}): LiveNetwork {
  return {
    ...{ Id: `id-${name}`, Name: name, Scope: "swarm", Driver: "overlay" },
    Options: { "com.docker.network.driver.overlay.vxlanid_list": "4097" },
    IPAM: { Config: [{ Subnet: "10.0.1.0/24", Gateway: "10.0.1.1" }] },
    ...changes,
  };
}

/** A service of it, from the body of a request. */
export function serviceOf(Spec: WireSpec): LiveService {
  return { ID: `id-${Spec.Name}`, Version: { Index: 1 }, Spec } as LiveService;
}

/** The swarm with these parts. */
export function liveOf(parts: Partial<Live>): Live {
  return {
    ...{ swarm, nodes: [], services: [], networks: [], predefined: [], secrets: [], configs: [] },
    ...parts,
  };
}
