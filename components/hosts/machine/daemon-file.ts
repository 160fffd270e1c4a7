/**
 * Beginning of a Python program that changes `daemon.json`: its path, `read`, `write`, and the settings that a
 * Docker engine reads again without a restart.
 *
 * @param kept variable for a file of ours beside it, and that file's path
 */
export function daemonFile(kept: { readonly variable: string; readonly path: string }): string {
  return `import json, os

path = "/etc/docker/daemon.json"
${kept.variable} = "${kept.path}"
reloadable = {"debug", "labels", "insecure-registries", "registry-mirrors", "runtimes", "max-concurrent-downloads"}


def read(name):
    try:
        with open(name) as file:
            text = file.read().strip()
    except FileNotFoundError:
        return {}
    return json.loads(text) if text else {}


def write(name, value):
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name + ".new", "w") as file:
        json.dump(value, file, indent=2, sort_keys=True)
        file.write("\\n")
    os.replace(name + ".new", name)`;
}

/**
 * End of a script that changed `daemon.json`: what `merged` and `action` ask for happens, and the script ends
 * when the Docker engine answers.
 *
 * @param engine what a message calls it; the older script says less, and its text must stay
 */
export function applySettings(engine: string): string {
  return `if [ "$merged" != none ] && [ "$action" != restart ]; then action=$merged; fi
case "$action" in
  none) ;;
  reload) service_action reload docker ;;
  restart) service_action restart docker ;;
esac
state() { docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null; }
for _ in $(seq 120); do
  case "$(state || true)" in
    active | inactive | locked) exit 0 ;;
  esac
  sleep 1
done
{
  echo "the ${engine} of $name does not answer with its new settings:"
  cat /etc/docker/daemon.json
  journalctl --unit docker --lines 20 --no-pager 2>/dev/null || tail -n 20 /var/log/docker.log || true
} >&2
exit 1
`;
}
