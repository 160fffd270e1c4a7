import { nearest } from "../../model/nearest";
import type { Keys } from "../../model/problem";
import { type At, member } from "../tree";
import type { Context } from "./context";

type Section = "services" | "networks" | "volumes" | "secrets" | "configs";

/** Whether a section of the file has a key. */
export function declares({ root }: Context, section: Section, key: string): boolean {
  const all = member(root, section);
  return all?.kind === "map" && all.entries.has(key);
}

/** Keys of a section of the file. */
export function declared({ root }: Context, section: Section): readonly string[] {
  const all = member(root, section);
  return all?.kind === "map" ? [...all.entries.keys()] : [];
}

/** Reports a key that a section of the file does not have. */
export function undeclared(
  at: At,
  keys: Keys,
  key: string,
  section: Section,
  context: Context,
): void {
  if (context.findings.full) return;
  const known = declared(context, section);
  // Comparing with thousands of names for each wrong one would take minutes.
  const near = nearest(key, known.slice(0, 200));
  context.findings.wrong(at, keys, {
    found: `${JSON.stringify(key)}, which is not in \`${section}\``,
    allowed: known.slice(0, 50).join(", ") || "none",
    fix: near === undefined ? `\`${key}:\` in \`${section}\`` : `did you mean \`${near}\`?`,
  });
}
