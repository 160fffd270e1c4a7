import { meshAddresses } from "../../model/addresses/mesh";
import type { FileSettings } from "../schema/file";

/** A private network of all nodes, over WireGuard. */
export interface MeshSettings {
  /** @default "10.203.0.0/16" */
  readonly subnet: string;
  /** UDP port of each node. @default 51820 */
  readonly port: number;
  /** Largest packet in the tunnel, in bytes. @default 1420 */
  readonly mtu: number;
  /** Address of each host, by its name. It depends on the name alone, unless two clash. */
  readonly addresses: { readonly [host: string]: string };
}

/** Bytes that an overlay network adds to each packet. */
export const OVERLAY_HEADER = 50;

/** Defaults of a mesh. */
export const meshStandard = { subnet: "10.203.0.0/16", port: 51820, mtu: 1420 } as const;

type Stated = NonNullable<FileSettings["swarm"]>["mesh"];

/** Settings of the mesh with defaults; undefined where the file asks for none. */
export function meshDefaults(stated: Stated, hosts: readonly string[]): MeshSettings | undefined {
  if (stated === undefined) return undefined;
  const written = stated === "wireguard" ? {} : stated;
  const settings = { ...meshStandard, ...written };
  return { ...settings, addresses: Object.fromEntries(meshAddresses(settings.subnet, hosts)) };
}

/** Largest packet of overlay networks on the mesh; undefined without one. */
export function meshOverlayMtu(stated: Stated): number | undefined {
  if (stated === undefined) return undefined;
  const { mtu = meshStandard.mtu } = stated === "wireguard" ? {} : stated;
  return mtu - OVERLAY_HEADER;
}
