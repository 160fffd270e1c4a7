// cspell:words nohup setsid
import { installLines } from "../../model/packages";
import { linesOf, type Script } from "../../model/script";
import { MESH_FOLDER as folder, forgetText, MESH_INTERFACE, upText } from "./tunnel";

const unit = "/etc/systemd/system/swarmyard-mesh.service";

/** Another node of the mesh. */
export interface Peer {
  readonly publicKey: string;
  /** Where its WireGuard port is reached: `<address or name>:<port>`. */
  readonly endpoint: string;
  /** Its address in the mesh. */
  readonly address: string;
}

/** What a node of the mesh has. */
export interface MeshValues {
  /** Its address in the mesh, with the length of the network's prefix. */
  readonly address: string;
  /** UDP port. */
  readonly port: number;
  /** Bytes. */
  readonly mtu: number;
  /** A secret. */
  readonly privateKey: string;
  /** All other nodes. */
  readonly peers: readonly Peer[];
}

/**
 * Script that makes a machine a node of the mesh, now and after each boot: with the kernel's WireGuard, else with
 * wireguard-go. Run again, it changes peers without dropping the tunnel to others. A node that is no longer
 * among the peers stays reachable while it leaves the swarm, for as long as it answers and at most an hour.
 */
export const meshScript: Script<MeshValues> = {
  text: `IFS= read -r address
IFS= read -r port
IFS= read -r mtu
umask 077
mkdir -p ${folder}
{
  IFS= read -r key
  printf '[Interface]\\nPrivateKey = %s\\nListenPort = %s\\n' "$key" "$port"
  while read -r public endpoint peer; do
    # Both sides may be behind a translation of addresses: without packets it would forget them.
    printf '\\n[Peer]\\nPublicKey = %s\\nEndpoint = %s\\nAllowedIPs = %s/32\\nPersistentKeepalive = 25\\n' "$public" "$endpoint" "$peer"
  done
} >${folder}/mesh.conf.new
mv ${folder}/mesh.conf.new ${folder}/mesh.conf
echo "$address $mtu" >${folder}/place
install_package() {
${installLines('"$1"', '"$1"')}}
command -v wg >/dev/null || install_package wireguard-tools
if ! ip link show dev ${MESH_INTERFACE} >/dev/null 2>&1; then
  modprobe wireguard 2>/dev/null || true
  if ip link add dev ${MESH_INTERFACE} type wireguard 2>/dev/null; then
    echo kernel >${folder}/kind
  elif [ ! -c /dev/net/tun ]; then
    echo "the kernel of this machine has neither WireGuard nor /dev/net/tun, so it cannot be in a mesh: install a kernel with the module wireguard" >&2
    exit 1
  elif command -v wireguard-go >/dev/null || install_package wireguard-go; then
    echo userspace >${folder}/kind
  else
    echo "the kernel of this machine has no WireGuard, and its package mirror has no wireguard-go: install one of the two" >&2
    exit 1
  fi
fi
cat >${folder}/up <<'END'
${upText}END
cat >${folder}/forget <<'END'
${forgetText}END
if [ -d /run/systemd/system ]; then
  type="oneshot\\nRemainAfterExit=yes"
  if [ "$(cat ${folder}/kind)" = userspace ]; then type="forking\\nRestart=always\\nRestartSec=1"; fi
  printf '[Unit]\\nDescription=Mesh of the swarm\\nWants=network-online.target\\nAfter=network-online.target\\nBefore=docker.service\\n[Service]\\nType=%b\\nExecStart=/bin/bash ${folder}/up\\n[Install]\\nWantedBy=multi-user.target\\n' "$type" >${unit}
  chmod 644 ${unit}
  systemctl daemon-reload
  systemctl enable --quiet swarmyard-mesh
  systemctl start swarmyard-mesh
fi
bash ${folder}/up
if [ -s ${folder}/leaving ]; then setsid nohup bash ${folder}/forget >/dev/null 2>&1 </dev/null & fi
`,
  stdin: ({ address, port, mtu, privateKey, peers }) =>
    linesOf(
      address,
      String(port),
      String(mtu),
      privateKey,
      ...peers.map((peer) => `${peer.publicKey} ${peer.endpoint} ${peer.address}`),
    ),
};

/** Takes a machine out of the mesh, with its key. Packages stay. */
export const leaveMeshScript = `cat >/dev/null
if [ -e ${unit} ]; then
  systemctl disable --quiet --now swarmyard-mesh || true
  rm -f ${unit}
  systemctl daemon-reload
fi
ip link delete dev ${MESH_INTERFACE} 2>/dev/null || true
rm -rf ${folder}
`;
