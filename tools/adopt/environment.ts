import { Document } from "yaml";
import { defaults } from "../../components/config/environment/defaults";
import type { LiveNode, LiveSwarm } from "../../components/engine/live";
import { overlap } from "../../components/model/addresses/subnets";
import { formatDuration } from "../../components/model/quantities";
import type { Live } from "./live";
import type { Machines } from "./machines";

/** A key as the environment file has it. */
export type KeyText = "agent" | { readonly file: string };

/** What else the environment file says. */
export interface Surroundings {
  readonly machines: Machines;
  readonly platforms: readonly string[];
  readonly key: KeyText;
  /** Name of the secret with the password that sudo asks for. @default it asks for none */
  readonly sudoPassword?: string;
  /** Jump host. @default none */
  readonly via?: object;
}

const header = `# A swarm that exists: \`npm run adopt\` wrote this file, and \`adopt: true\` takes the swarm over as it is.
# Nothing in it restarts, and it stays when the environment goes. See "A swarm that exists" in docs/servers.md.
`;

/** An environment file for a swarm that exists. Pure. */
export function environmentText(live: Live, around: Surroundings): string {
  const { machines, platforms, key, via, sudoPassword } = around;
  const { groups, firstManager } = machines;
  const login = {
    ...(key === "agent" ? {} : { key }),
    ...(sudoPassword === undefined ? {} : { sudoPassword }),
    ...(via === undefined ? {} : { via }),
  };
  const written = Object.fromEntries(
    Object.entries(groups).map(([name, { machines: own, ...group }]) => [
      name,
      { ...group, ...login, machines: own },
    ]),
  );
  const config = {
    "swarmyard:hosts": { kind: "ssh", groups: written },
    "swarmyard:swarm": { adopt: true, firstManager, ...swarmSettings(live) },
    "swarmyard:platforms": Object.fromEntries(platforms.map((name) => [name, {}])),
  };
  const text = new Document({ config }).toString({ lineWidth: 0 });
  return `# yaml-language-server: $schema=docs/schema/environment.json\n${header}${text}`;
}

/** What the swarm was made with, and what it was set to. Pure. */
export function swarmSettings(live: Live): { readonly [setting: string]: unknown } {
  const { Spec, DefaultAddrPool, SubnetSize = 0, DataPathPort = 0 } = live.swarm;
  const pools = DefaultAddrPool ?? [];
  const expiry = Spec.CAConfig?.NodeCertExpiry;
  const history = Spec.Orchestration?.TaskHistoryRetentionLimit;
  const pool = platformPool(live);
  return {
    ...(pools.length === 0 ? {} : { addressPools: pools }),
    ...(SubnetSize === 0 || SubnetSize === 24 ? {} : { addressPoolMask: SubnetSize }),
    ...(pool === defaults.platformPool ? {} : { platformPool: pool }),
    ...(DataPathPort === 0 || DataPathPort === 4789 ? {} : { dataPathPort: DataPathPort }),
    ...(Spec.EncryptionConfig?.AutoLockManagers === true ? { autolock: true } : {}),
    ...(expiry === undefined || expiry === USUAL_EXPIRY
      ? {}
      : { certificateExpiry: formatDuration(expiry) }),
    ...(history === undefined || history === 5 ? {} : { taskHistory: history }),
  };
}

/** 2160h, in nanoseconds. */
const USUAL_EXPIRY = 2_160 * 3_600e9;

/** Networks of platforms come from a pool that meets nothing of the swarm. */
function platformPool({ swarm, nodes, networks }: Live): string {
  const taken = [
    ...poolsOf(swarm),
    ...networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? [])),
    ...nodes.flatMap(addressOf),
  ];
  const pools = [
    defaults.platformPool,
    ...Array.from({ length: 14 }, (_, n) => `172.${30 - n}.0.0/16`),
  ];
  return pools.find((pool) => !taken.some((one) => overlap(one, pool))) ?? defaults.platformPool;
}

function poolsOf({ DefaultAddrPool }: LiveSwarm): readonly string[] {
  return DefaultAddrPool ?? [];
}

function addressOf({ Status }: LiveNode): string[] {
  return /^\d+(\.\d+){3}$/.test(Status.Addr ?? "") ? [`${Status.Addr}/32`] : [];
}
