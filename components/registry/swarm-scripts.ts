import { linesOf, type Script } from "../model/script";
import { digestOf, pluginsOf, pushList } from "./push-script";

/** How a script reaches a host over SSH. */
export interface Reach {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The pinned host key as in authorized_keys. */
  readonly hostKey: string;
  readonly key: ReachKey;
}

/** A key as text, or the path of its file on the machine that runs the script; `~` is the home of whoever runs it. */
export type ReachKey = { readonly text: string } | { readonly file: string };

/** Where a script finds the key: in its standard input, or in a file that its standard input names. */
export type KeyPlace = "input" | "file";

/** Where the script for a key finds it. */
export function placeOf(key: ReachKey): KeyPlace {
  return "text" in key ? "input" : "file";
}

/** Port of the registry on every node, on 127.0.0.1 only. */
export const SWARM_REGISTRY_PORT = 5000;

// The key is a file only while the script runs, in a folder that only its owner can read.
const reaching = `set -euo pipefail
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
IFS= read -r host
IFS= read -r port
IFS= read -r user
IFS= read -r pinned`;

// The state keeps the standard input: a key that the operator has in a file stays there.
const takingKey: { readonly [place in KeyPlace]: string } = {
  input: `cat >"$work/key"`,
  file: `IFS= read -r file
case "$file" in "~/"*) file="$HOME/\${file#"~/"}" ;; esac
cat "$file" >"$work/key"`,
};

const connecting = (place: KeyPlace) => `${takingKey[place]}
for command in docker ssh; do
  if ! command -v "$command" >/dev/null; then
    echo "pushing images through SSH needs the command $command on this machine: install it and run up again" >&2
    exit 1
  fi
done
printf '%s %s\\n' "registry-node" "$pinned" >"$work/known"
options=(-F none -i "$work/key" -p "$port" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes
  -o UserKnownHostsFile="$work/known" -o HostKeyAlias=registry-node -o StrictHostKeyChecking=yes
  -o ConnectTimeout=20 -o ServerAliveInterval=15)`;

const reachLines = ({ host, port, user, hostKey }: Reach) => [host, String(port), user, hostKey];

const keyLine = ({ key }: Reach) => ("text" in key ? key.text.trim() : key.file);

/** Script that brings an image of this machine's Docker engine to a host, unless it is there. */
export function loadScript(
  place: KeyPlace,
): Script<{ readonly reach: Reach; readonly image: string }> {
  return {
    text: `${reaching}
IFS= read -r image
${connecting(place)}
docker=docker
[ "$user" = root ] || docker="sudo -n docker"
if ssh "\${options[@]}" "$user@$host" "$docker image inspect '$image'" >/dev/null 2>&1 </dev/null; then exit 0; fi
docker save "$image" | gzip -1 | ssh "\${options[@]}" "$user@$host" "gunzip | $docker load" >/dev/null
`,
    stdin: ({ reach, image }) => linesOf(...reachLines(reach), image, keyLine(reach)),
  };
}

/**
 * Script that pushes an image of this machine's Docker engine through SSH to the registry on a host's own
 * 127.0.0.1, and prints its digest. Only layers that the registry does not have cross the line.
 *
 * @param platforms What the names of the images of several platforms end with. @default one image
 */
export function tunnelScript(
  place: KeyPlace,
  platforms: readonly string[] = [],
): Script<{
  readonly reach: Reach;
  /** Name of the image on this machine's Docker engine. */
  readonly here: string;
  /** Repository in the registry, without a host. */
  readonly repository: string;
}> {
  return {
    text: `${reaching}
IFS= read -r here
IFS= read -r repository
${connecting(place)}
control="$work/control"
close() { ssh -S "$control" -O exit "$user@$host" >/dev/null 2>&1 || true; rm -rf "$work"; }
trap close EXIT
for try in 1 2 3 4 5 6; do
  if [ "$try" = 6 ]; then echo "no tunnel to the registry on $host could be opened: $said" >&2; exit 1; fi
  local=$((20000 + RANDOM % 40000))
  said=$(ssh "\${options[@]}" -M -S "$control" -f -N -o ExitOnForwardFailure=yes \\
    -L "127.0.0.1:$local:127.0.0.1:${SWARM_REGISTRY_PORT}" "$user@$host" 2>&1 </dev/null) && break
  sleep 1
done
there="127.0.0.1:$local/$repository"
${platforms.length === 0 ? throughTunnel : severalThroughTunnel(platforms)}
if [ -z "$digest" ]; then echo "the Docker engine knows no digest of $there after it was pushed" >&2; exit 1; fi
printf '%s' "$digest"
`,
    stdin: ({ reach, here, repository }) =>
      linesOf(...reachLines(reach), here, repository, keyLine(reach)),
  };
}

const throughTunnel = `docker tag "$here" "$there:\${here##*:}"
mkdir "$work/config"
docker --config "$work/config" push --quiet "$there:\${here##*:}" >/dev/null
${digestOf("$here", "$there")}
docker rmi "$there:\${here##*:}" >/dev/null`;

const severalThroughTunnel = (platforms: readonly string[]) => `config="$work/config"
mkdir "$config"
${pluginsOf("$config")}
${pushList(platforms, { here: "$here", there: "$there:${here##*:}", known: "$there" })}
for platform in ${platforms.join(" ")}; do docker rmi "$there:\${here##*:}$platform" >/dev/null; done`;
