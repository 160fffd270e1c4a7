import * as pulumi from "@pulumi/pulumi";
import type { MeshSettings } from "../../config/environment/mesh";
import { Key } from "../../resources/resources";
import type { Surveyed } from "../ssh/survey";
import { meshKeys } from "./keys";
import { meshScript, type Peer } from "./scripts";

/** A node's place in the mesh. */
export interface MeshPlace {
  /** Its address. */
  readonly address: string;
  /** Standard input of the script that makes it a node of the mesh; a secret. */
  readonly stdin: pulumi.Output<string>;
}

/** A machine that is to be a node of the mesh. */
export interface MeshMachine extends Pick<Surveyed, "machine" | "connection"> {
  /** Where the file says that its WireGuard port is reached. */
  readonly endpoint?: string | undefined;
}

/**
 * Where a node's WireGuard port is reached: where the file says, else at its address, and behind a jump host
 * at its private address. Pure.
 */
export function endpointAt(
  stated: string | undefined,
  { host, via }: { readonly host: string; readonly via?: readonly unknown[] | undefined },
  privateAddress: string,
  port: number,
): string {
  const place = stated ?? (via === undefined || via.length === 0 ? host : privateAddress);
  if (/^[^:]+:\d+$/.test(place)) return place;
  return place.includes(":") ? `[${place}]:${port}` : `${place}:${port}`;
}

/** Creates a key pair for each machine, and gives each its place, where all others are its peers. */
export function meshPlaces(
  settings: MeshSettings,
  machines: ReadonlyMap<string, MeshMachine>,
  opts: pulumi.CustomResourceOptions = {},
): ReadonlyMap<string, MeshPlace> {
  const nodes = [...machines].flatMap(([name, machine]) => {
    const address = settings.addresses[name];
    if (address === undefined) return [];
    const keys = new Key(`${name}-mesh-key`, {}, opts).salt.apply(meshKeys);
    return [{ name, address, keys, endpoint: endpointOf(machine, settings.port) }];
  });
  const prefix = settings.subnet.replace(/.*\//, "");
  return new Map(
    nodes.map(({ name, address, keys }): [string, MeshPlace] => {
      const others = nodes.filter((one) => one.name !== name);
      const peers = pulumi.all(others.map(peerOf)).apply(byAddress);
      const stdin = pulumi.all([keys, peers]).apply(([{ privateKey }, known]) =>
        meshScript.stdin({
          address: `${address}/${prefix}`,
          port: settings.port,
          mtu: settings.mtu,
          privateKey,
          peers: known,
        }),
      );
      return [name, { address, stdin: pulumi.secret(stdin) }];
    }),
  );
}

interface MeshNode {
  readonly address: string;
  readonly keys: pulumi.Output<{ readonly publicKey: string }>;
  readonly endpoint: pulumi.Output<string>;
}

function peerOf({ address, keys, endpoint }: MeshNode): pulumi.Output<Peer> {
  return pulumi
    .all([keys, endpoint])
    .apply(([{ publicKey }, reached]) => ({ publicKey, endpoint: reached, address }));
}

/** In an order of their own, so that the order of the file changes nothing. */
function byAddress(peers: readonly Peer[]): readonly Peer[] {
  return [...peers].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function endpointOf(
  { machine, connection, endpoint }: MeshMachine,
  port: number,
): pulumi.Output<string> {
  return pulumi
    .all([connection, machine.privateAddress])
    .apply(([way, privateAddress]) => endpointAt(endpoint, way, privateAddress, port));
}
