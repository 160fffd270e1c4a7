import type { Complaint } from "./complaint";

/** A node as a manager lists it. */
export interface ListedNode {
  readonly name: string;
  /** `Ready` or `Down`. */
  readonly status: string;
}

/** What a machine says about the swarm that it is in. */
export interface Membership {
  /** Of its Docker engine: `inactive`, `active`, `pending`, `error`, `locked`. */
  readonly state: string;
  /** Id of the swarm. @default the machine cannot tell */
  readonly swarm?: string;
  /** All nodes of the swarm; only a manager lists them. @default not known */
  readonly nodes?: readonly ListedNode[];
}

/** Stands for the id of a swarm that a machine is in and cannot name. */
export const UNNAMED_SWARM = "unknown";

/** Id of the swarm that a machine is in; empty for none. */
export function memberOf({ state, swarm }: Membership): string {
  return state === "active" ? (swarm ?? UNNAMED_SWARM) : "";
}

/** Why a machine that is in a swarm of somebody else cannot be used. */
export function notAdopted(state: string): Complaint {
  const found = `it is in another swarm (${state})`;
  const leave =
    "take it out there: `docker node update --availability drain`, then `docker swarm leave` on it";
  return {
    found,
    fix: `${leave}; or take that swarm over as it is: \`adopt: true\` in swarmyard:swarm, see \`npm run adopt\``,
  };
}

/** What keeps a machine from being taken over with its swarm. Pure. */
export function adoptionComplaints(
  membership: Membership,
  { adopts, setHostname }: { readonly adopts: readonly string[]; readonly setHostname: boolean },
  names: { readonly hostname: string; readonly nodeName: string },
): readonly Complaint[] {
  const { state, nodes = [] } = membership;
  if (state === "inactive") return [];
  if (state !== "active") {
    const found = `its place in the swarm is not in order (${state})`;
    const fix = "`docker info` there shows why; a locked one needs `docker swarm unlock`";
    return [{ found, fix }];
  }
  const unlisted = nodes.filter(({ name }) => !adopts.includes(name));
  const complaints: Complaint[] = [];
  if (unlisted.length > 0) {
    const list = unlisted.map(({ name, status }) => `${name} (${status.toLowerCase()})`);
    const found = `its swarm has nodes that the environment does not list: ${list.join(", ")}`;
    const fix =
      "list them under `machines`, as `npm run adopt` does; or take them out of the swarm first: `docker node update --availability drain`, then `docker node rm --force`";
    complaints.push({ found, fix });
  }
  if (setHostname && names.hostname !== names.nodeName) {
    const found = `its hostname is ${names.hostname}, and a node of a swarm that is taken over keeps its name`;
    complaints.push({ found, fix: `\`nodeName: ${names.hostname}\`` });
  }
  return complaints;
}
