import type { EngineSettings } from "../../config/environment/environment";
import { GPU_RESOURCE } from "../../config/environment/instance-types";
import { linesOf, type Script } from "../../model/script";
import { metricsPort } from "../../model/swarm-ports";
import { logSettings, meetsUsualPools, poolSettings, resourceSettings } from "../engine-settings";
import { serviceAction } from "../scripts";
import { applySettings, daemonFile } from "./daemon-file";

/** Folder on a machine for its state. */
export const STATE_FOLDER = "/var/lib/swarmyard";

/** What the Docker engine of a machine is set to, before what the machine itself knows of its GPUs. */
export interface EngineArgs {
  /** Networks that its own must not overlap with: the hosts' and the pools of the swarm. */
  readonly taken: readonly string[];
  /** Generic resources of the node; the machine counts its GPUs itself. */
  readonly resources: { readonly [kind: string]: number };
  /** Exposes metrics on every address: only where nobody outside can reach the port. @default false */
  readonly metrics?: boolean;
  /** It is in a swarm already: nothing but what the group states changes, since a restart would end its tasks. @default false */
  readonly asFound?: boolean;
  /** Settings of `daemon.json` over ours. @default none */
  readonly own?: EngineSettings;
}

/** Settings of a Docker engine as one line, to be merged into what the machine's image says. */
export function engineSettings(args: EngineArgs): string {
  return JSON.stringify({ ...poolSettings(args.taken), ...usualSettings(args), ...args.own });
}

/**
 * Settings of an existing machine's Docker engine as one line: `defaults` are ours, and the machine's own
 * win over them; `stated` are the group's. It keeps its addresses where they meet none of `taken`.
 */
export function existingSettings(args: EngineArgs): string {
  if (args.asFound === true) return JSON.stringify({ defaults: {}, stated: args.own ?? {} });
  const pools = meetsUsualPools(args.taken) ? poolSettings(args.taken) : {};
  return JSON.stringify({
    defaults: { ...pools, ...usualSettings(args) },
    stated: args.own ?? {},
  });
}

function usualSettings({ resources, metrics = false, own }: EngineArgs): EngineSettings {
  const { [GPU_RESOURCE]: _, ...counted } = resources;
  return {
    ...logSettings(own),
    ...(metrics ? { "metrics-addr": `0.0.0.0:${metricsPort}` } : {}),
    ...resourceSettings(counted),
  };
}

/**
 * Script that gives a machine its name and its Docker engine its settings. The Docker engine is
 * restarted only when a setting changed that it reads at start, and reloaded otherwise.
 *
 * @param gpus Number of GPUs that the machine must have; their ids become generic resources.
 */
export function engineScript(
  gpus: number,
): Script<{ readonly name: string; readonly settings: string }> {
  return { text: engineText(gpus), stdin: ({ name, settings }) => linesOf(name, settings) };
}

function engineText(gpus: number): string {
  return `IFS= read -r name
IFS= read -r settings
export settings
${serviceAction}
action=none
${hostname}
export gpus=
${gpus === 0 ? "" : gpuDriver(gpus)}
merged=$(python3 - <<'PYTHON'
${mergePython}
PYTHON
)
${applySettings("engine")}`;
}

const hostname = `if [ "$(hostname)" != "$name" ]; then
  if [ -d /run/systemd/system ]; then
    hostnamectl set-hostname "$name"
  else
    hostname "$name"
    echo "$name" >/etc/hostname
  fi
  action=restart
fi
grep -qw -- "$name" /etc/hosts || printf '127.0.1.1 %s\\n' "$name" >>/etc/hosts
if [ -d /etc/cloud/cloud.cfg.d ]; then
  echo "preserve_hostname: true" >/etc/cloud/cloud.cfg.d/99-swarmyard.cfg
fi`;

/**
 * Part of a script that makes the NVIDIA driver part of `name`'s Docker engine; `gpus` gets their ids.
 *
 * In legacy mode the runtime sees only a task's own GPUs, through the variable that swarm sets.
 */
export function gpuDriver(expected: number): string {
  const variable = `DOCKER_RESOURCE_${GPU_RESOURCE}`;
  return `gpus=$(nvidia-smi --query-gpu=uuid --format=csv,noheader)
found=$(printf '%s\\n' "$gpus" | grep -c '^GPU-' || true)
if [ "$found" -ne ${expected} ]; then
  echo "$name has $found GPUs by nvidia-smi, and its type has ${expected}" >&2
  exit 1
fi
runtime=/etc/nvidia-container-runtime/config.toml
before=$(cat "$runtime")
if grep -Eq '^#? *swarm-resource *=' "$runtime"; then
  sed -i -E 's/^#? *swarm-resource *=.*/swarm-resource = "${variable}"/' "$runtime"
else
  sed -i '1i swarm-resource = "${variable}"' "$runtime"
fi
sed -i -E '/^\\[nvidia-container-runtime\\]/,/^\\[nvidia-container-runtime\\./ s/^( *)#? *mode *= *".*"/\\1mode = "legacy"/' "$runtime"
if [ "$before" != "$(cat "$runtime")" ]; then action=restart; fi`;
}

// The image's own settings are kept next to it, so that a withdrawn setting is removed.
const mergePython = `${daemonFile({ variable: "before", path: `${STATE_FOLDER}/daemon.json.before` })}


def merge(base, over):
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {**base, **{key: merge(base.get(key), value) for key, value in over.items()}}


if not os.path.exists(before):
    write(before, read(path))
ours = json.loads(os.environ["settings"])
gpus = os.environ["gpus"].split()
if gpus:
    ours["default-runtime"] = "nvidia"
    ours["runtimes"] = {"nvidia": {"path": "nvidia-container-runtime", "runtimeArgs": []}}
    ours["node-generic-resources"] = ours.get("node-generic-resources", []) + ["${GPU_RESOURCE}=" + gpu for gpu in gpus]
old, new = read(path), merge(read(before), ours)
changed = {key for key in set(old) | set(new) if old.get(key) != new.get(key)}
if changed:
    write(path, new)
print("none" if not changed else "reload" if changed <= reloadable else "restart")`;
