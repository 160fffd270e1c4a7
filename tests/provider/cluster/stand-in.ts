import type {
  LiveNetwork,
  LiveSwarm,
  NetworkSpec,
  Rotation,
} from "../../../components/engine/live";
import type { KindContext } from "../../../components/provider/context";

/** A swarm that answers as a manager would, and what it was asked to do. */
export class StandIn {
  readonly did: string[] = [];
  key = "SWMKEY-1-first";
  ports: readonly { readonly name: string; readonly mode?: string }[] = [];
  networks: LiveNetwork[] = [network({ Subnet: "10.200.0.0/24" })];
  /** Writes that fail because somebody else wrote before. */
  clashes = 0;
  live: LiveSwarm = {
    ID: "s1",
    CreatedAt: "then",
    Version: { Index: 7 },
    Spec: {
      Orchestration: { TaskHistoryRetentionLimit: 5 },
      CAConfig: { NodeCertExpiry: 7776000000000000 },
      EncryptionConfig: { AutoLockManagers: false },
    },
    DefaultAddrPool: ["10.200.0.0/16"],
    SubnetSize: 24,
    DataPathPort: 4789,
    JoinTokens: { Manager: "M1", Worker: "W1" },
  };

  readonly context = {
    signal: new AbortController().signal,
    log: () => undefined,
    manager: async () => this.manager,
  } as unknown as KindContext;

  private readonly manager = {
    swarm: async () => this.live,
    unlockKey: async () => this.key,
    updateSwarm: async (version: number, spec: LiveSwarm["Spec"], rotation: Rotation = {}) => {
      if (this.clashes > 0) {
        this.clashes -= 1;
        throw new Error("update out of sequence");
      }
      const turned = Object.keys(rotation).sort();
      this.did.push(["update", version, JSON.stringify(spec), ...turned].join(" "));
      if (rotation.rotateManagerUnlockKey) this.key = "SWMKEY-1-second";
      if (rotation.rotateWorkerToken) this.live = { ...this.live, JoinTokens: next };
      this.live = { ...this.live, Version: { Index: version + 1 }, Spec: spec };
    },
    nodes: {
      list: async () => [
        { ManagerStatus: { Reachability: "reachable", Addr: "10.0.0.1:7777" } },
        { ManagerStatus: { Reachability: "unreachable", Addr: "10.0.0.2:2377" } },
        {},
      ],
    },
    services: {
      list: async () =>
        this.ports.map(({ name, mode }) => ({
          Spec: { Name: name, EndpointSpec: { Ports: [{ PublishMode: mode }] } },
        })),
    },
    networks: {
      list: async () => this.networks,
      remove: async (id: string) => {
        this.did.push(`remove ${id}`);
        this.networks = [];
      },
      create: async (body: NetworkSpec) => {
        this.did.push(`create ${JSON.stringify(body)}`);
        this.networks = [network(body.IPAM?.Config[0], body.Options)];
      },
    },
  };
}

const next = { Manager: "M2", Worker: "W2" };

function network(config?: { readonly Subnet: string }, Options = {}): LiveNetwork {
  const IPAM = { Config: config === undefined ? [] : [config] };
  return {
    Id: "i1",
    Name: "ingress",
    Scope: "swarm",
    Driver: "overlay",
    Ingress: true,
    Options,
    IPAM,
  };
}
