/**
 * Images of a Dockerfile's `FROM` lines that are not pinned by digest, each once: what is built from them
 * depends on the day. Earlier stages, `scratch` and names from build arguments are left out. Pure.
 *
 * @example unpinnedBases("FROM debian:12-slim AS a\nFROM a") // ["debian:12-slim"]
 */
export function unpinnedBases(dockerfile: string): readonly string[] {
  const stages = new Set<string>(["scratch"]);
  const found = new Set<string>();
  for (const line of dockerfile.split("\n")) {
    const match = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$/i.exec(line);
    const [, image = "", stage] = match ?? [];
    const known = image === "" || image.includes("$") || stages.has(image.toLowerCase());
    if (!known && !/@sha256:[0-9a-f]{64}$/.test(image)) found.add(image);
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  return [...found];
}
