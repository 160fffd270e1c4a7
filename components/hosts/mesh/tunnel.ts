// cspell:words syncconf
import { STATE_FOLDER } from "../machine/engine";

/** Name of the mesh's interface on each node. */
export const MESH_INTERFACE = "swarmyard";

/** Folder on a node for its key and its peers, readable by root only. */
export const MESH_FOLDER = `${STATE_FOLDER}/mesh`;

/**
 * Script that brings the tunnel up, or changes its peers: what is running keeps its sessions, since syncconf touches
 * only peers that differ. Peers that are to go are listed in `leaving`, and stay for now.
 */
export const upText = `set -euo pipefail
umask 077
read -r address mtu <${MESH_FOLDER}/place
if ! ip link show dev ${MESH_INTERFACE} >/dev/null 2>&1; then
  if [ "$(cat ${MESH_FOLDER}/kind)" = kernel ]; then
    ip link add dev ${MESH_INTERFACE} type wireguard
  else
    wireguard-go ${MESH_INTERFACE} >/dev/null 2>&1
  fi
fi
: >${MESH_FOLDER}/leaving
cp ${MESH_FOLDER}/mesh.conf ${MESH_FOLDER}/now.conf
while IFS=$'\\t' read -r public _ endpoint allowed _; do
  # Its address may have gone to another node.
  if [ "$allowed" = "(none)" ]; then continue; fi
  if grep -qF -e "PublicKey = $public" -e "AllowedIPs = $allowed" ${MESH_FOLDER}/mesh.conf; then continue; fi
  echo "$public" >>${MESH_FOLDER}/leaving
  printf '\\n[Peer]\\nPublicKey = %s\\nAllowedIPs = %s\\nPersistentKeepalive = 25\\n' "$public" "$allowed" >>${MESH_FOLDER}/now.conf
  if [ "$endpoint" != "(none)" ]; then echo "Endpoint = $endpoint" >>${MESH_FOLDER}/now.conf; fi
done < <(wg show ${MESH_INTERFACE} dump | tail -n +2)
wg syncconf ${MESH_INTERFACE} ${MESH_FOLDER}/now.conf
rm ${MESH_FOLDER}/now.conf
if ! ip -4 -o address show dev ${MESH_INTERFACE} | grep -qF " $address "; then
  ip address flush dev ${MESH_INTERFACE}
  ip address add "$address" dev ${MESH_INTERFACE}
fi
ip link set dev ${MESH_INTERFACE} mtu "$mtu" up
`;

/**
 * Script that removes the peers in `leaving` once they have gone: a session is renewed every two minutes, and who
 * has none for three has gone. It ends after an hour at the latest.
 */
export const forgetText = `for _ in $(seq 360); do
  sleep 10
  now=$(date +%s)
  left=
  while read -r public; do
    if grep -qF "PublicKey = $public" ${MESH_FOLDER}/mesh.conf; then continue; fi
    last=$(wg show ${MESH_INTERFACE} latest-handshakes | awk -v public="$public" '$1 == public { print $2 }')
    if [ -n "$last" ] && [ "$((now - last))" -lt 180 ]; then left=yes; continue; fi
    wg set ${MESH_INTERFACE} peer "$public" remove
  done <${MESH_FOLDER}/leaving
  if [ -z "$left" ]; then exit 0; fi
done
while read -r public; do
  grep -qF "PublicKey = $public" ${MESH_FOLDER}/mesh.conf || wg set ${MESH_INTERFACE} peer "$public" remove
done <${MESH_FOLDER}/leaving
`;
