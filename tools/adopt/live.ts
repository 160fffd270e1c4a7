import type { EngineClient } from "../../components/engine/client";
import type { LiveNetwork, LiveNode, LiveSwarm } from "../../components/engine/live";
import type { LiveService } from "../../components/model/service/wire";

/** A swarm as its managers see it. */
export interface Live {
  readonly swarm: LiveSwarm;
  readonly nodes: readonly LiveNode[];
  readonly services: readonly LiveService[];
  /** Its overlay networks, without that of published ports. */
  readonly networks: readonly LiveNetwork[];
  /** Networks of every Docker engine that services join: `host` and the like, by id. */
  readonly predefined: readonly LiveNetwork[];
  /** Names; nobody can read the values of secrets. */
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
}

/** Reads the whole swarm through a manager, without changing anything. */
export async function readLive(docker: EngineClient): Promise<Live> {
  const [swarm, nodes, services, all, secrets, configs] = await Promise.all([
    docker.swarm(),
    docker.nodes.list(),
    docker.services.list(),
    docker.networks.list(),
    docker.secrets.list(),
    docker.configs.list(),
  ]);
  const listed = all.filter(({ Scope, Ingress }) => Scope === "swarm" && Ingress !== true);
  const networks = await Promise.all(listed.map(({ Id }) => docker.networks.inspect(Id)));
  const known = new Set(networks.map(({ Id }) => Id));
  const joined = services.flatMap(({ Spec }) =>
    (Spec.TaskTemplate?.Networks ?? []).map(({ Target = "" }) => Target),
  );
  const others = [...new Set(joined)].filter((id) => !known.has(id));
  const predefined = await Promise.all(others.map((id) => docker.swarmNetwork(id)));
  const names = (objects: readonly { readonly Spec: { readonly Name?: string } }[]) =>
    objects.map(({ Spec }) => Spec.Name ?? "").sort();
  const sorted = [...services].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  return {
    ...{ swarm, nodes, services: sorted, networks, predefined },
    ...{ secrets: names(secrets), configs: names(configs) },
  };
}

function nameOf({ Spec }: LiveService): string {
  return Spec.Name ?? "";
}

/** Names of all networks by id. */
export function networkNamesOf({ networks, predefined }: Live): { readonly [id: string]: string } {
  return Object.fromEntries([...networks, ...predefined].map(({ Id, Name }) => [Id, Name]));
}
