import type { Checked } from "../fields/field";
import { matching } from "../fields/rules";
import * as t from "../fields/types";

/** A host's membership of the swarm. */
export const nodeFields = {
  /** Hostname of the host, which has joined. */
  node: t.text(matching(/./, "the name of a host")).required(),
  /** What the node is in the swarm. */
  role: t.oneOf("manager", "worker").required(),
  /** All labels of the node; any others are removed. @default {} @example { db: "true" } */
  labels: t.texts(matching(/^[^=\s]+$/, "text without = and spaces")).filled({}),
  /** Whether the node takes tasks; `keep` leaves that as it is. @default active */
  availability: t.oneOf("active", "pause", "drain", "keep").filled("active"),
  /** Deleting it leaves the node in the swarm as it is. @default false */
  stays: t.flag(),
  /** How long its tasks may take to stop when it leaves. @default 1m */
  drainTimeout: t.duration().filled("1m"),
  /** Address, interface or `interface:port` that it tells the others when it joins again. @default the address that it had @example eth1:7777 */
  advertise: t.text(),
  /** Address or interface on which it listens when it joins again, with a port or without. @default 0.0.0.0:2377 @example eth1:7777 */
  listen: t.text(),
  /** Address or interface for the traffic of overlay networks when it joins again. @default that of `advertise` @example eth2 */
  dataPath: t.text(),
};

export type NodeInputs = Checked<typeof nodeFields>;
