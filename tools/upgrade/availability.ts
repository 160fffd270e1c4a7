import type { LiveNode, NodeSpec } from "../../components/engine/live";
import { BEFORE_LABEL } from "../../components/model/ownership";

type Availability = NodeSpec["Availability"];

/** A node as it is while its Docker engine is upgraded: drained, with a note of what it was before. Pure. */
export function drained(spec: NodeSpec): NodeSpec {
  const { Labels, Availability } = spec;
  const before = { [BEFORE_LABEL]: Labels?.[BEFORE_LABEL] ?? Availability };
  return { ...spec, Availability: "drain", Labels: { ...Labels, ...before } };
}

/** The same node as it was before; one without a note stays as it is. Pure. */
export function restored(spec: NodeSpec): NodeSpec {
  const { [BEFORE_LABEL]: before, ...Labels } = spec.Labels ?? {};
  return isAvailability(before) ? { ...spec, Availability: before, Labels } : spec;
}

function isAvailability(text: string | undefined): text is Availability {
  return text === "active" || text === "pause" || text === "drain";
}

/** Nodes that an interrupted upgrade left drained, and that this one does not come to. Pure. */
export function leftDrained(
  nodes: readonly Pick<LiveNode, "Description" | "Spec">[],
  planned: readonly { readonly host: string }[],
): readonly string[] {
  const hosts = new Set(planned.map(({ host }) => host));
  return nodes
    .filter(({ Spec }) => Spec.Labels?.[BEFORE_LABEL] !== undefined)
    .map(({ Description }) => Description.Hostname)
    .filter((name) => !hosts.has(name));
}
