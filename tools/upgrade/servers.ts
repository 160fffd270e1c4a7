import type { Environment, HostSettings } from "../../components/config/environment/environment";
import type { EngineOffer } from "../../components/hosts/machine/engine-upgrade";

/** A machine whose Docker engine its own package sources have a newer one for. */
export interface ServerUpgrade {
  /** Name of its node. */
  readonly host: string;
  readonly offer: EngineOffer;
}

/** Machines that have a system of their own, with the version of the Docker engine that the file states for them. Pure. */
export function serversOf({ hosts }: Pick<Environment, "hosts">): ReadonlyMap<string, string> {
  return new Map(hosts.flatMap((host) => (isServer(host) ? [[host.name, versionOf(host)]] : [])));
}

function isServer({ kind }: HostSettings): boolean {
  return kind !== "local";
}

/** Empty for the newest. */
function versionOf(host: HostSettings): string {
  return host.kind === "ssh" ? (host.ssh.engine.version ?? "") : "";
}

/** What to do about the offers of all machines, and why some of them cannot be followed. Pure. */
export function serverUpgrades(offers: ReadonlyMap<string, EngineOffer>): {
  readonly upgrades: readonly ServerUpgrade[];
  readonly problems: readonly string[];
} {
  const all = [...offers].map(([host, offer]) => ({ host, offer }));
  return {
    upgrades: all.filter(({ offer }) => offer.is === "newer"),
    problems: all
      .filter(({ offer }) => offer.is === "older")
      .map(
        ({ host, offer }) =>
          `${host} has ${offer.package} ${offer.installed}, which is newer than ${offer.offered}: a Docker engine cannot read what a newer one wrote`,
      ),
  };
}

/** What will happen, a line for each machine. Pure. */
export function serverLines(upgrades: readonly ServerUpgrade[]): readonly string[] {
  return upgrades.map(
    ({ host, offer }) => `  ${host}: ${offer.package} ${offer.installed} → ${offer.offered}`,
  );
}
