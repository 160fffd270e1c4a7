import { quote } from "../../components/model/quote";

/** Volumes and folders on one node. */
export interface NodeData {
  /** Names of volumes; `*` stands for any text. */
  readonly volumes: readonly string[];
  /** Absolute paths. */
  readonly folders: readonly string[];
}

/** What was found: `volume <name> <bytes>` or `folder <path> <bytes>`. */
export interface Found {
  readonly kind: "volume" | "folder";
  readonly name: string;
  readonly bytes: number;
}

const matching = (volumes: readonly string[]) => {
  const pattern = volumes
    .map((name) => name.replaceAll(".", "\\.").replaceAll("*", ".*"))
    .join("|");
  return volumes.length === 0
    ? "names=()"
    : `mapfile -t names < <(docker volume ls --format '{{.Name}}' | grep -xE ${quote(pattern)} || true)`;
};

/** Script that lists what a node has of these, with the bytes in it. Pure. */
export function lookScript({ volumes, folders }: NodeData): string {
  return `set -euo pipefail
${matching(volumes)}
for name in "\${names[@]}"; do
  at=$(docker volume inspect --format '{{.Mountpoint}}' "$name")
  bytes=$(du -sb "$at" 2>/dev/null | cut -f1 || true)
  echo "volume $name \${bytes:-0}"
done
for folder in ${folders.map(quote).join(" ")}; do
  [ -d "$folder" ] || continue
  echo "folder $folder $(du -sb "$folder" | cut -f1)"
done
`;
}

/**
 * Script that removes volumes and empties folders, or removes them too. Docker makes a volume again, empty, when
 * a task mounts it. Containers of ended tasks, which swarm keeps as history, hold volumes and go first. Pure.
 */
export function clearScript({ volumes, folders }: NodeData, remove: boolean): string {
  const clear = remove ? 'rm -rf -- "$folder"' : 'find "$folder" -mindepth 1 -delete';
  return `set -euo pipefail
${matching(volumes)}
for name in "\${names[@]}"; do
  docker ps -aq --filter "volume=$name" --filter label=com.docker.swarm.task.id \\
    --filter status=exited --filter status=dead --filter status=created | xargs -r docker rm >/dev/null
  docker volume rm "$name" >/dev/null
done
for folder in ${folders.map(quote).join(" ")}; do
  [ -d "$folder" ] || continue
  ${clear}
done
`;
}

/** Reads what {@link lookScript} printed. Pure. */
export function foundIn(text: string): readonly Found[] {
  return text.split("\n").flatMap((line): readonly Found[] => {
    const match = /^(volume|folder) (.+) (\d+)$/.exec(line);
    const [, kind, name = "", bytes] = match ?? [];
    if (kind !== "volume" && kind !== "folder") return [];
    return [{ kind, name, bytes: Number(bytes) }];
  });
}

/** A line for each volume or folder: on how many nodes it is, and what is in it. Pure. */
export function foundLines(found: ReadonlyMap<string, readonly Found[]>): readonly string[] {
  const sums = new Map<string, { nodes: number; bytes: number }>();
  for (const { kind, name, bytes } of [...found.values()].flat()) {
    const key = `${kind} ${name}`;
    const { nodes, bytes: sum } = sums.get(key) ?? { nodes: 0, bytes: 0 };
    sums.set(key, { nodes: nodes + 1, bytes: sum + bytes });
  }
  return [...sums].map(([key, { nodes, bytes }]) => {
    const where = key.startsWith("folder") ? "" : ` on ${nodes} node${nodes === 1 ? "" : "s"}`;
    return `  ${key}${where}: ${(bytes / 1e6).toFixed(1)} MB`;
  });
}
