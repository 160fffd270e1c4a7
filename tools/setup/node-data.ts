import { NAMESPACE_LABEL } from "../../components/model/platform/names";
import { printable } from "../../components/model/printable";
import { quote } from "../../components/model/quote";

/** Volumes and folders on one node. */
export interface NodeData {
  /** Names of volumes; `*` stands for any text. */
  readonly volumes: readonly string[];
  /** Names of somebody else's volumes, for which no `*` stands; they may have a `*` too. @default none */
  readonly others?: readonly string[];
  /** A volume whose label names another owner stays. */
  readonly owners: readonly string[];
  /** Absolute paths. */
  readonly folders: readonly string[];
}

/** What was found: `volume <name> <bytes>` or `folder <path> <bytes>`. */
export interface Found {
  readonly kind: "volume" | "folder";
  readonly name: string;
  readonly bytes: number;
}

/** A choice of names as an extended regular expression. */
function anyOf(names: readonly string[]): string {
  const all = names.map((name) => name.replace(/[.\\+?^$()[\]{}|]/g, "\\$&").replaceAll("*", ".*"));
  return quote(all.join("|"));
}

/** Lines that put the names of the volumes into `names`, and say which ones belong to somebody else. */
function matching({ volumes, others = [], owners }: NodeData): string {
  const [open, exact] = [true, false].map((star) =>
    volumes.filter((name) => name.includes("*") === star),
  );
  const except = others.length === 0 ? "" : ` | grep -vxE ${anyOf(others)}`;
  const found = [
    ...(exact?.length ? [`grep -xE ${anyOf(exact)} <<<"$all" || true`] : []),
    ...(open?.length ? [`{ grep -xE ${anyOf(open)} <<<"$all"${except}; } || true`] : []),
  ];
  if (found.length === 0) return "names=()";
  return `names=()
all=$(docker volume ls --format '{{.Name}}')
for name in $({ ${found.join("; ")}; } | sort -u); do
  owner=$(docker volume inspect --format '{{with .Labels}}{{index . "${NAMESPACE_LABEL}"}}{{end}}' "$name")
  case "$owner" in
    ${["", ...owners].map(quote).join(" | ")}) names+=("$name") ;;
    *) echo "stays volume $name" ;;
  esac
done`;
}

/** Lines of a loop that pass over a folder that is gone or behind a link, which may lead anywhere. */
const passOver = `  [ -d "$folder" ] || continue
  if [ "$(realpath -- "$folder")" != "$folder" ]; then
    echo "stays folder $folder"
    continue
  fi`;

/** Script that lists what a node has of these, with the bytes in it. Pure. */
export function lookScript(data: NodeData): string {
  return `set -euo pipefail
${matching(data)}
for name in "\${names[@]}"; do
  at=$(docker volume inspect --format '{{.Mountpoint}}' "$name")
  bytes=$(du -sb "$at" 2>/dev/null | cut -f1 || true)
  echo "volume $name \${bytes:-0}"
done
for folder in ${data.folders.map(quote).join(" ")}; do
${passOver}
  echo "folder $folder $(du -sb "$folder" | cut -f1)"
done
`;
}

/**
 * Script that removes volumes and empties folders, or removes them too. Docker makes a volume again, empty, when
 * a task mounts it. Containers of ended tasks, which swarm keeps as history, hold volumes and go first. Pure.
 */
export function clearScript(data: NodeData, remove: boolean): string {
  const clear = remove ? 'rm -rf -- "$folder"' : 'find "$folder" -mindepth 1 -delete';
  return `set -euo pipefail
${matching(data)}
for name in "\${names[@]}"; do
  docker ps -aq --filter "volume=$name" --filter label=com.docker.swarm.task.id \\
    --filter status=exited --filter status=dead --filter status=created | xargs -r docker rm >/dev/null
  docker volume rm "$name" >/dev/null
done
for folder in ${data.folders.map(quote).join(" ")}; do
${passOver}
  ${clear}
done
`;
}

/** Reads what {@link lookScript} printed. Pure. */
export function foundIn(text: string): readonly Found[] {
  return printable(text)
    .split("\n")
    .flatMap((line): readonly Found[] => {
      const match = /^(volume|folder) (.+) (\d+)$/.exec(line);
      const [, kind, name = "", bytes] = match ?? [];
      if (kind !== "volume" && kind !== "folder") return [];
      return [{ kind, name, bytes: Number(bytes) }];
    });
}

/** What the nodes leave as it is, with the reason. Pure. */
export function staysIn(texts: readonly string[]): readonly string[] {
  const lines = texts.flatMap((text) => [
    ...printable(text).matchAll(/^stays (volume|folder) (.+)$/gm),
  ]);
  const all = lines.map(([, kind, name]) =>
    kind === "volume"
      ? `${name}, which has the label of another platform`
      : `${name}, which is behind a link`,
  );
  return [...new Set(all)];
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
