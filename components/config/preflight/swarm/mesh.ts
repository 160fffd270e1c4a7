import { listed } from "../../../model/nearest";
import { fileProblem, type Keys, type Problem } from "../../../model/problem";
import { gossipPort, overlayPort } from "../../../model/swarm-ports";
import { type MeshSettings, OVERLAY_HEADER } from "../../environment/mesh";
import type { Check, Flight } from "../flight";

/** A mesh that some hosts cannot be in, that is too small, or that other settings contradict. */
export const checkMesh: Check = (flight) => {
  const { mesh } = flight.environment.swarm;
  if (mesh === undefined) return withoutMesh(flight);
  return [
    ...otherHosts(flight),
    ...room(flight, mesh),
    ...ownAddresses(flight),
    ...ports(flight, mesh),
    ...packets(flight, mesh),
  ];
};

const at: Keys = ["swarm", "mesh"];

/** Endpoints that nothing would use. */
function withoutMesh({ settings }: Flight): readonly Problem[] {
  return Object.entries(settings.hosts.groups).flatMap(([group, { machines = {} }]) =>
    Object.entries(machines).flatMap(([machine, { meshEndpoint }]) => {
      if (meshEndpoint === undefined) return [];
      const keys = ["hosts", "groups", group, "machines", machine, "meshEndpoint"];
      const found = `${meshEndpoint} without a mesh`;
      const fix = "`mesh: wireguard` at swarmyard:swarm, or remove `meshEndpoint`";
      return [fileProblem(keys, { found, allowed: "only with a mesh", fix })];
    }),
  );
}

function otherHosts({ environment, known }: Flight): readonly Problem[] {
  const kinds = environment.hosts.map(({ kind }) => kind).filter((kind) => kind !== "ssh");
  if (kinds.length === 0 || !known.labels) return [];
  const found = `a mesh with hosts of kind ${listed([...new Set(kinds)])}`;
  const allowed = "a mesh of existing machines only (`kind: ssh`)";
  return [fileProblem(at, { found, allowed, fix: "remove `mesh`, or the other groups" })];
}

function room({ environment }: Flight, { subnet, addresses }: MeshSettings): readonly Problem[] {
  const without = environment.hosts.filter(({ name }) => addresses[name] === undefined);
  if (without.length === 0) return [];
  const found = `${subnet}, which has no address for ${listed(without.map(({ name }) => name))}`;
  const allowed = "a network with an address for each host";
  return [fileProblem(at, { found, allowed, fix: "`subnet: 10.203.0.0/16`" })];
}

/** Nodes are reached at their addresses in the mesh, and nowhere else. */
function ownAddresses({ settings }: Flight): readonly Problem[] {
  const places: readonly (readonly [
    Keys,
    { advertise?: string; dataPath?: string } | undefined,
  ])[] = [
    [["swarm"], settings.swarm],
    ...Object.entries(settings.hosts.groups).map(
      ([name, group]) => [["hosts", "groups", name], group] as const,
    ),
  ];
  return places.flatMap(([keys, stated]) =>
    (["advertise", "dataPath"] as const).flatMap((field) => {
      if (stated?.[field] === undefined) return [];
      const found = `${stated[field]} next to a mesh, whose addresses nodes use`;
      const fix = `remove \`${field}\`, or \`mesh\` at swarmyard:swarm`;
      return [fileProblem([...keys, field], { found, allowed: "one of the two", fix })];
    }),
  );
}

function ports({ environment: { swarm } }: Flight, { port }: MeshSettings): readonly Problem[] {
  const { dataPathPort = overlayPort } = swarm;
  if (port !== gossipPort && port !== dataPathPort) return [];
  const found = `${port}, a UDP port that the swarm uses`;
  return [fileProblem([...at, "port"], { found, allowed: "another port", fix: "`port: 51820`" })];
}

function packets({ environment: { swarm } }: Flight, { mtu }: MeshSettings): readonly Problem[] {
  const most = mtu - OVERLAY_HEADER;
  const problem = (keys: Keys, stated: number) => {
    const found = `${stated}, but packets of the mesh have at most ${mtu} bytes`;
    return fileProblem(keys, { found, allowed: `at most ${most}`, fix: `\`mtu: ${most}\`` });
  };
  const { mtu: overlay = most, ingress } = swarm;
  const published = ingress?.mtu ?? most;
  return [
    ...(overlay > most ? [problem(["swarm", "mtu"], overlay)] : []),
    ...(published > most && published !== overlay
      ? [problem(["swarm", "ingress", "mtu"], published)]
      : []),
  ];
}
