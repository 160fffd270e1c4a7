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
  /** Whether the node takes tasks. @default active */
  availability: t.oneOf("active", "pause", "drain").filled("active"),
  /** How long its tasks may take to stop when it leaves. @default 1m */
  drainTimeout: t.duration().filled("1m"),
};

export type NodeInputs = Checked<typeof nodeFields>;
