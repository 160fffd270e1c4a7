import type { Checked } from "../fields/field";
import { durationThat, matching, whole } from "../fields/rules";
import * as t from "../fields/types";

const network = matching(/^\d+(\.\d+){3}\/\d+$/, "an IPv4 network such as `10.200.0.0/16`");
const expiry = durationThat((nanoseconds) => nanoseconds >= 3_600e9, ", of at least `1h`");

/** The identity of a swarm, and its settings. What is left out is as it was, or Docker's own choice. */
export const clusterFields = {
  /** The host that runs init. */
  firstManager: t.text(matching(/./, "the name of the host that runs init")).required(),
  /** Somebody else made the swarm, and it stays when the environment goes. @default false */
  stays: t.flag(),
  /** A manager whose Docker engine restarts needs the unlock key. @default false */
  autolock: t.choice(),
  /** Another text gives the swarm a new unlock key. @default none @example 2026-11 */
  rotateUnlockKey: t.text(),
  /** How long certificates of nodes are valid. @default 2160h */
  certificateExpiry: t.duration(expiry),
  /** Ended tasks that swarm keeps for each task slot. @default 5 */
  taskHistory: t.number(whole(0)),
  /** The network of published ports; recreated when it differs. @default Docker's */
  ingress: t.record({
    /** Its addresses. @default taken from the address pools @example 10.202.0.0/16 */
    subnet: t.text(network),
    /** Largest packet in bytes. @default Docker's */
    mtu: t.number(whole(576, 65535, 1450)),
  }),
  /** Pools that the swarm must have been made with. @default any */
  addressPools: t.list(t.text(network), "a list such as `[10.200.0.0/16]`"),
  /** Prefix length of subnets that the swarm must have been made with. @default any */
  addressPoolMask: t.number(whole(8, 29, 24)),
  /** UDP port of overlay networks that the swarm must have been made with. @default any */
  dataPathPort: t.number(whole(1024, 49151, 4789)),
};

export type ClusterInputs = Checked<typeof clusterFields>;

/** What one host needs to join the swarm, read from a manager when the host joins. */
export const ticketFields = {
  /** Name of the host. */
  host: t.text(matching(/./, "the name of a host")).required(),
  /** What it joins as. */
  role: t.oneOf("manager", "worker").required(),
  /** What distinguishes its machine from an earlier one; another one gets a new ticket. @default none */
  machine: t.text(),
};

export type TicketInputs = Checked<typeof ticketFields>;

/** New join tokens, so that those that nodes joined with are worth nothing any more. */
export const rotationFields = {
  /** Ids of the nodes; a new one gives new tokens. */
  nodes: t.list(t.text(), "a list of node ids").required(),
};

export type RotationInputs = Checked<typeof rotationFields>;
