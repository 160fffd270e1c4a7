import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { quote } from "../../model/quote";
import { linesOf, type Script } from "../../model/script";
import type { Key } from "../../resources/resources";
import type { Lifetime } from "../host";
import { goesWith } from "../remote";
import { serviceAction } from "../scripts";

/** How a machine is reached while its host key changes. */
export interface HostKeyValues {
  readonly host: string;
  readonly user: string;
  /** The key of its user data, which others may have read: `ssh-ed25519 AAAA…`. */
  readonly birth: string;
  /** The key that it gets instead. */
  readonly kept: string;
  /** Private parts of the operator's key and of `kept`, in OpenSSH form. */
  readonly operator: string;
  readonly keptPrivate: string;
}

/** Arguments of {@link changedHostKey}. */
export interface HostKeyArgs {
  readonly host: pulumi.Input<string>;
  readonly user: string;
  readonly birth: Key;
  readonly kept: Key;
  readonly operator: pulumi.Input<string>;
  readonly lifetime: Lifetime & { readonly kind: "stack" };
  /** Wait for these before the machine has its address. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Replaces the SSH host key of a new machine over the first connection to it, so that the one in its user
 * data opens nothing any more. All others pin the new key. A machine that changed already stays as it is.
 *
 * It runs the ssh command of this machine: a remote command pins one key only, and a run that was killed
 * after the change would find a key that it does not pin.
 */
export function changedHostKey(
  name: string,
  args: HostKeyArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { user, birth, kept, lifetime } = args;
  const { text, stdin } = hostKeyScript();
  const values = pulumi
    .all([args.host, birth.publicKey, kept.publicKey, args.operator, kept.privateKey])
    .apply(([host, first, second, operator, keptPrivate]) =>
      stdin({ host, user, birth: first, kept: second, operator, keptPrivate }),
    );
  return new local.Command(
    name,
    {
      create: text,
      // Another address of the same machine: nothing to change there.
      update: "cat >/dev/null",
      stdin: pulumi.secret(values),
      interpreter: ["bash", "-c"],
      addPreviousOutputInEnv: false,
      ...(lifetime.incarnation === undefined ? {} : { triggers: [lifetime.incarnation] }),
    },
    pulumi.mergeOptions({ dependsOn: [...args.ready], ...goesWith({ lifetime }) }, opts),
  );
}

/** Script for this machine that waits for another one's SSH, and changes the host key of that one. */
export function hostKeyScript(): Script<HostKeyValues> {
  const oneLine = (text: string) => Buffer.from(`${text.trim()}\n`).toString("base64");
  return {
    text: localText,
    stdin: ({ host, user, birth, kept, operator, keptPrivate }) =>
      linesOf(host, user, birth.trim(), kept.trim(), oneLine(operator), oneLine(keptPrivate)),
  };
}

/** What runs on the machine as root: the new key replaces the old one, or is in place. */
export const onMachine = `set -euo pipefail
IFS= read -r public
IFS= read -r private
${serviceAction}
file=/etc/ssh/swarmyard_host_key
if [ "$(cat "$file.pub")" = "$public" ]; then exit 0; fi
umask 077
base64 -d <<<"$private" >"$file.new"
ssh-keygen -y -f "$file.new" >/dev/null
printf '%s\\n' "$public" >"$file.new.pub"
mv "$file.new" "$file"
sshd=$(command -v sshd || echo /usr/sbin/sshd)
"$sshd" -t
if command -v apt-get >/dev/null; then unit=ssh; else unit=sshd; fi
service_action reload "$unit" || service_action restart "$unit"
mv "$file.new.pub" "$file.pub"
`;

const localText = `set -euo pipefail
IFS= read -r host
IFS= read -r user
IFS= read -r birth
IFS= read -r kept
IFS= read -r operator
IFS= read -r private
if ! command -v ssh >/dev/null; then
  echo "the host key of $host cannot be changed without the command ssh: install OpenSSH's client" >&2
  exit 1
fi
umask 077
# In memory where the system has such a folder.
folder=$(mktemp -d -p "\${XDG_RUNTIME_DIR:-\${TMPDIR:-/tmp}}")
trap 'rm -rf "$folder"' EXIT
base64 -d <<<"$operator" >"$folder/key"
printf '%s %s\\n' "$host" "$birth" "$host" "$kept" >"$folder/either"
printf '%s %s\\n' "$host" "$kept" >"$folder/kept"
through() {
  timeout 90 ssh -F /dev/null -T -i "$folder/key" -o IdentitiesOnly=yes -o IdentityAgent=none \\
    -o "UserKnownHostsFile=$folder/$1" -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes \\
    -o HostKeyAlgorithms=ssh-ed25519 -o UpdateHostKeys=no -o BatchMode=yes -o ConnectTimeout=10 \\
    "$user@$host" "$2" 2>"$folder/said"
}
# Until its user data has run, a machine shows a key of its own: that is refused as any other.
end=$((SECONDS + 840))
# shellcheck disable=SC2016,SC1003
until printf '%s\\n' "$kept" "$private" | through either ${quote(`sudo -n timeout 60 bash -c ${quote(onMachine)}`)} && through kept true </dev/null; do
  if [ "$SECONDS" -ge "$end" ]; then
    echo "the host key of $host could not be changed within 14 minutes:" >&2
    tail -n 5 "$folder/said" >&2
    exit 1
  fi
  sleep 3
done
`;
