import { GPU_RESOURCE } from "../../config/environment/instance-types";
import { linesOf, type Script } from "../../model/script";
import { serviceAction } from "../scripts";
import { applySettings, daemonFile } from "./daemon-file";
import { gpuDriver, STATE_FOLDER } from "./engine";

/** How a machine was before we changed anything on it. */
const FOUND = `${STATE_FOLDER}/found`;

/**
 * Script that gives the Docker engine of an existing machine its settings, and the machine its
 * hostname if that was asked for. What the machine's own daemon.json says wins where it says
 * something. The Docker engine is restarted only when a setting changed that it reads at start.
 */
export function settleScript(options: {
  /** GPUs that the machine must have. */
  readonly gpus: number;
  readonly setHostname: boolean;
}): Script<{ readonly name: string; readonly settings: string }> {
  return { text: settleText(options), stdin: ({ name, settings }) => linesOf(name, settings) };
}

function settleText({ gpus, setHostname }: Parameters<typeof settleScript>[0]): string {
  return `IFS= read -r name
IFS= read -r settings
export settings
${serviceAction}
action=none
${remember}
${setHostname ? giveHostname : ""}
export gpus=
${gpus === 0 ? "" : gpuDriver(gpus)}
${settle}
${applySettings("Docker engine")}`;
}

// Before the first change, so that leaving can undo it.
const remember = `if [ ! -d ${FOUND} ]; then
  rm -rf ${FOUND}.new
  mkdir -p ${FOUND}.new
  hostname >${FOUND}.new/hostname
  if [ -e /etc/docker/daemon.json ]; then cp -p /etc/docker/daemon.json ${FOUND}.new/; fi
  if [ -e /etc/nvidia-container-runtime/config.toml ]; then cp -p /etc/nvidia-container-runtime/config.toml ${FOUND}.new/; fi
  if docker network inspect docker_gwbridge >/dev/null 2>&1; then touch ${FOUND}.new/gwbridge; fi
  mv ${FOUND}.new ${FOUND}
fi`;

const writeHostname = `write_hostname() {
  if [ -d /run/systemd/system ]; then
    hostnamectl set-hostname "$1"
  else
    hostname "$1"
    echo "$1" >/etc/hostname
  fi
}`;

// A line of its own, so that it can be taken away again.
const giveHostname = `${writeHostname}
if [ "$(hostname)" != "$name" ]; then
  write_hostname "$name"
  touch ${FOUND}/renamed
  action=restart
fi
grep -qw -- "$name" /etc/hosts || printf '127.0.1.1 %s # swarmyard\\n' "$name" >>/etc/hosts
if [ -d /etc/cloud/cloud.cfg.d ]; then
  echo "preserve_hostname: true" >/etc/cloud/cloud.cfg.d/99-swarmyard.cfg
fi`;

const settings = `${daemonFile({ variable: "mine", path: `${STATE_FOLDER}/daemon.json.mine` })}


def without_mine(now):
    before = read(mine)
    kept = {key: value for key, value in now.items() if key not in before or before[key]["to"] != value}
    undone = {key: one["from"] for key, one in before.items() if key not in kept and one["from"] is not None}
    return {**kept, **undone}
`;

// Addresses and logs are defaults: the machine's own win. The rest is what a node needs.
const settle = `merged=$(python3 - <<'PYTHON'
${settings}

given = json.loads(os.environ["settings"])
ours = given["defaults"]
now = read(path)
own = without_mine(now)
if "bip" in own or "default-address-pools" in own:
    ours.pop("bip", None)
    ours.pop("default-address-pools", None)
if "log-driver" in own or "log-opts" in own:
    ours.pop("log-driver", None)
    ours.pop("log-opts", None)
ours.update(given["stated"])
if own.get("live-restore"):
    ours["live-restore"] = False
gpus = os.environ["gpus"].split()
if gpus:
    ours["default-runtime"] = "nvidia"
    ours["runtimes"] = {**own.get("runtimes", {}), "nvidia": {"path": "nvidia-container-runtime", "runtimeArgs": []}}
    ours["node-generic-resources"] = ours.get("node-generic-resources", []) + ["${GPU_RESOURCE}=" + gpu for gpu in gpus]
ours = {key: value for key, value in ours.items() if own.get(key) != value}
new = {**own, **ours}
changed = {key for key in set(now) | set(new) if now.get(key) != new.get(key)}
write(mine, {key: {"from": own.get(key), "to": value} for key, value in ours.items()})
if changed:
    write(path, new)
print("none" if not changed else "reload" if changed <= reloadable else "restart")
PYTHON
)`;

const leaveNothing = `# Swarm keeps ended tasks as history.
mapfile -t tasks < <(docker ps --all --quiet --filter label=com.docker.swarm.task.id)
if [ "\${#tasks[@]}" -gt 0 ]; then docker rm --force "\${tasks[@]}" >/dev/null; fi
if [ ! -e ${FOUND}/gwbridge ]; then docker network rm docker_gwbridge >/dev/null 2>&1 || true; fi
`;

/**
 * Script that takes back what {@link settleScript} did: its settings, the hostname, and the bridge
 * of the swarm. Settings that someone changed since stay as they are.
 *
 * @param stays the machine stays in its swarm, with its tasks. @default false
 */
export function unsettleScript({ stays = false }: { readonly stays?: boolean } = {}): string {
  return `${serviceAction}
${writeHostname}
[ -d ${FOUND} ] || exit 0
action=none
${stays ? "" : leaveNothing}if [ -e /etc/cloud/cloud.cfg.d/99-swarmyard.cfg ]; then rm /etc/cloud/cloud.cfg.d/99-swarmyard.cfg; fi
if grep -q ' # swarmyard$' /etc/hosts; then
  # A container's file is a mount, which cannot be replaced.
  rest=$(grep -v ' # swarmyard$' /etc/hosts || true)
  printf '%s\\n' "$rest" >/etc/hosts
fi
if [ -e ${FOUND}/renamed ]; then
  write_hostname "$(cat ${FOUND}/hostname)"
  action=restart
fi
if [ -e ${FOUND}/config.toml ]; then cp -p ${FOUND}/config.toml /etc/nvidia-container-runtime/config.toml; fi
undone=$(python3 - <<'PYTHON'
${settings}

now = read(path)
own = without_mine(now)
if now != own:
    write(path, own)
print("none" if now == own else "empty" if not own else "restart")
PYTHON
)
if [ "$undone" != none ]; then action=restart; fi
if [ "$undone" = empty ] && [ ! -e ${FOUND}/daemon.json ]; then rm -f /etc/docker/daemon.json; fi
# Where nothing else changed it, the file has its own form again.
if [ -e ${FOUND}/daemon.json ] && python3 -c 'import json, sys
a, b = (json.load(open(name)) for name in sys.argv[1:])
sys.exit(a != b)' ${FOUND}/daemon.json /etc/docker/daemon.json; then
  cp -p ${FOUND}/daemon.json /etc/docker/daemon.json
fi
rm -rf ${FOUND} ${STATE_FOLDER}/daemon.json.mine
if [ "$action" = restart ]; then service_action restart docker; fi
`;
}
