import { execFileSync } from "node:child_process";
import { STACK_LABEL } from "../../network/labels";

/** Something on this machine's engine that carries a stack's label. */
export interface Owned {
  readonly kind: "container" | "network" | "volume";
  /** Full id; for a volume its name, as in the state. */
  readonly id: string;
}

/** The part of an exported deployment (`pulumi stack export`) that is looked at. */
export interface ExportedDeployment {
  readonly deployment?: {
    readonly resources?: readonly { readonly id?: string }[];
  };
}

/**
 * What a run that was killed has made and not yet written down: containers and networks with the
 * stack's label that are not in its state. They hold names, addresses and ports that the next
 * run needs. Volumes are no orphans: the next run finds and keeps them.
 */
export function orphansOf(owned: readonly Owned[], state: ExportedDeployment): readonly Owned[] {
  const known = new Set((state.deployment?.resources ?? []).map((resource) => resource.id));
  return owned.filter(({ kind, id }) => kind !== "volume" && !known.has(id));
}

/**
 * Lists what carries a stack's label on this machine's engine, in the order in which it can be removed.
 *
 * @param stack `<project>/<stack>`.
 * @throws Error when the docker command is missing or its engine does not answer.
 */
export function listOwned(stack: string): readonly Owned[] {
  const filter = ["--filter", `label=${STACK_LABEL}=${stack}`];
  const lines = (args: readonly string[]) => docker(args).split("\n").filter(Boolean);
  const each = (kind: Owned["kind"], args: readonly string[]) =>
    lines([...args, ...filter]).map((id): Owned => ({ kind, id }));
  return [
    ...each("container", ["ps", "--all", "--quiet", "--no-trunc"]),
    ...each("network", ["network", "ls", "--quiet", "--no-trunc"]),
    ...each("volume", ["volume", "ls", "--quiet"]),
  ];
}

/** Removes what `listOwned` found, running or not. */
export function removeOwned(owned: readonly Owned[]): void {
  const ids = (kind: Owned["kind"]) => owned.filter((o) => o.kind === kind).map((o) => o.id);
  const remove = (command: readonly string[], list: readonly string[]) => {
    if (list.length > 0) docker([...command, ...list]);
  };
  remove(["rm", "--force"], ids("container"));
  remove(["network", "rm"], ids("network"));
  remove(["volume", "rm"], ids("volume"));
}

function docker(args: readonly string[]): string {
  return execFileSync("docker", [...args], {
    encoding: "utf8",
    timeout: 120_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
