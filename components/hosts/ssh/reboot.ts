import type { Environment } from "../../config/environment/environment";
import { FIREWALL_BOOT } from "../machine/firewall/scripts";
import { MESH_FOLDER } from "../mesh/tunnel";
import type { FactsByNode } from "./placement";

const MESH_BOOT = `bash ${MESH_FOLDER}/up`;

/** What a reboot takes from machines that have no systemd to bring it back, a text for each. Pure. */
export function rebootWarnings(
  { hosts, swarm }: Pick<Environment, "hosts" | "swarm">,
  facts: FactsByNode,
): readonly string[] {
  return hosts.flatMap((host) => {
    if (host.kind !== "ssh" || facts.get(host.name)?.systemd !== false) return [];
    const lost = [
      ...(swarm.mesh === undefined ? [] : [{ what: "its tunnel of the mesh", fix: MESH_BOOT }]),
      ...(host.ssh.firewall === undefined ? [] : [{ what: "its firewall", fix: FIREWALL_BOOT }]),
    ];
    if (lost.length === 0) return [];
    const what = lost.map((one) => one.what).join(" and ");
    const fix = lost.map((one) => `\`${one.fix}\``).join(" and ");
    return [
      `${host.name} has no systemd, so a reboot takes ${what} away.\n  fix: have it run ${fix} as root at each boot, before its Docker engine`,
    ];
  });
}
