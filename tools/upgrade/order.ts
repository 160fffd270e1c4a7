import type { LiveNode } from "../../components/engine/live";

/** Workers first, and the leader last, so that it changes once. Pure. */
export function upgradeOrder<U extends { readonly host: string }>(
  upgrades: readonly U[],
  nodes: readonly Pick<LiveNode, "Description" | "ManagerStatus">[],
): readonly U[] {
  const rank = ({ host }: U) => {
    const node = nodes.find(({ Description }) => Description.Hostname === host);
    if (node?.ManagerStatus === undefined) return 0;
    return node.ManagerStatus.Leader === true ? 2 : 1;
  };
  return [...upgrades].sort(
    (one, other) => rank(one) - rank(other) || (one.host < other.host ? -1 : 1),
  );
}

/**
 * Managers that do not answer while a manager's Docker engine is about to stop, when the others would have no
 * majority without it. Empty when it may stop, and with fewer than three managers, where none may. Pure.
 */
export function managersMissed(
  host: string,
  nodes: readonly Pick<LiveNode, "Description" | "ManagerStatus">[],
): readonly string[] {
  const managers = nodes.filter(({ ManagerStatus }) => ManagerStatus !== undefined);
  const isOne = managers.some(({ Description }) => Description.Hostname === host);
  if (!isOne || managers.length < 3) return [];
  const others = managers.filter(({ Description }) => Description.Hostname !== host);
  const silent = others.filter(({ ManagerStatus }) => ManagerStatus?.Reachability !== "reachable");
  const answering = others.length - silent.length;
  if (answering > managers.length / 2) return [];
  return silent.map(({ Description }) => Description.Hostname);
}
