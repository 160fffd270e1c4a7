import * as pulumi from "@pulumi/pulumi";
import type { ShareSettings, SwarmSettings } from "../config/environment/environment";
import type { Host } from "../hosts/host";
import { remoteCommand } from "../hosts/remote";
import { type Cluster, type Node, type SwarmProvider, TokenRotation } from "../resources/resources";

/** What happens to join tokens once all nodes have joined. */
export interface TokenArgs {
  readonly settings: SwarmSettings;
  /** Where token files go. @default nowhere */
  readonly share?: ShareSettings | undefined;
  /** A manager. */
  readonly manager: Host;
  readonly nodes: readonly Node[];
  readonly cluster: Cluster;
  readonly provider: SwarmProvider;
}

/** Rotates the join tokens after nodes have joined, and writes them to the share, where the settings say so. */
export function settleTokens(
  name: string,
  { settings, share, manager, nodes, cluster, provider }: TokenArgs,
  parent: pulumi.Resource,
): void {
  const ids = nodes.map(({ nodeId }) => nodeId);
  const bound = { parent, replaceWith: [cluster] };
  const rotation =
    settings.rotateTokens === true
      ? new TokenRotation(
          `${name}-tokens`,
          { nodes: ids },
          { ...bound, provider, dependsOn: [...nodes], deletedWith: cluster },
        )
      : undefined;
  const { tokenFiles = false } = settings;
  if (tokenFiles === false || share === undefined || share.kind === "none") return;
  const { write, remove } = tokenFileScripts(share.path, tokenFiles === true ? "" : tokenFiles);
  // With a share that is kept, its files must be removed before the machine goes.
  const goesAlong = share.data === "delete";
  const dependsOn = [...manager.ready, ...nodes, ...(rotation === undefined ? [] : [rotation])];
  remoteCommand(
    `${name}-token-files`,
    {
      host: goesAlong ? manager : manager.ssh,
      create: write,
      update: write,
      delete: remove,
      // Not read: other nodes may mean other tokens.
      stdin: pulumi.all(ids).apply((all) => `${all.join(" ")}\n`),
    },
    { ...bound, dependsOn },
  );
}

const files = [".manager.ip", ".manager.token", ".worker.token"] as const;

/**
 * Scripts that write the token files, readable by root only, and that remove them.
 *
 * @param below folder on the share; empty for the share itself
 */
export function tokenFileScripts(
  path: string,
  below: string,
): { readonly write: string; readonly remove: string } {
  const folder = below === "" ? path : `${path}/${below}`;
  const [address, manager, worker] = files;
  return {
    write: `cat >/dev/null
umask 077
${below === "" ? "" : `mkdir -p "${folder}"\n`}folder=$(readlink -f "${path}")${below === "" ? "" : `/${below}`}
if [ "$(readlink -f "${folder}")" != "$folder" ]; then
  echo "${folder} leads elsewhere through a symbolic link: remove the link" >&2
  exit 1
fi
new=
trap 'rm -f "$new"' EXIT
put() {
  new=$(mktemp "$folder/.new.XXXXXXXX")
  printf '%s\\n' "$2" >"$new"
  mv -fT "$new" "$folder/$1"
}
address=$(docker info --format '{{.Swarm.NodeAddr}}')
manager=$(docker swarm join-token --quiet manager)
worker=$(docker swarm join-token --quiet worker)
put ${address} "$address"
put ${manager} "$manager"
put ${worker} "$worker"
`,
    remove: `cat >/dev/null
rm -f ${files.map((file) => `"${folder}/${file}"`).join(" ")}
${below === "" ? "" : `rmdir --ignore-fail-on-non-empty "${folder}" 2>/dev/null || true\n`}`,
  };
}
