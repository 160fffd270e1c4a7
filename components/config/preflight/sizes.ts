import { join, resolve } from "node:path";
import { sizeText } from "../../model/bytes";
import { MOST_BYTES } from "../../model/kinds/content";
import type { ConfigPlan, SecretPlan } from "../../model/platform/plan";
import type { Problem } from "../../model/problem";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check, World } from "./flight";

/** Bytes of a message between managers and nodes. */
const MESSAGE_BYTES = 4 * 1024 * 1024;

/** Secrets and configs that are empty or larger than swarm takes. */
export const checkSizes: Check = ({ drafts, world }) =>
  drafts.flatMap((draft) =>
    (["secrets", "configs"] as const).flatMap((section) =>
      Object.entries(draft.plan[section]).flatMap(([key, thing]) => {
        const noun = section === "secrets" ? "secret" : "config";
        const size = sizeOf(thing, draft, world);
        if (size === undefined || (size > 0 && size <= MOST_BYTES[noun])) return [];
        const from = thing.kind === "file" ? join("platforms", draft.from, thing.file) : "it";
        const found = `${from} has ${sizeText(size)}`;
        const allowed = `1 to ${sizeText(MOST_BYTES[noun])}, which is what swarm takes in a ${noun}`;
        const fix =
          size === 0
            ? `leave the ${noun} out, or write a line into it`
            : "a bind mount, a seeded volume or the image for large files";
        const keys = [section, key, thing.kind];
        return [platformProblem(draft, keys, { found, allowed, fix })];
      }),
    ),
  );

/** Services whose secrets and configs together may not fit in what a manager sends a node. */
export const warnSizes: Check = ({ drafts, world }) =>
  drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([key, service]): Problem[] => {
      const sum = (["secrets", "configs"] as const)
        .flatMap((section) => {
          const sources = Object.values(service[section] ?? {}).map(({ source }) => source);
          return [...new Set(sources)].map((source) => draft.plan[section][source]);
        })
        .reduce((total, thing) => total + ((thing && sizeOf(thing, draft, world)) ?? 0), 0);
      if (sum <= MESSAGE_BYTES) return [];
      const found = `secrets and configs of ${sizeText(sum)} together`;
      const allowed = `up to ${sizeText(MESSAGE_BYTES)}: some Docker engines cannot send a node more at once, and it leaves the swarm`;
      const fix = "a shared volume or the image for large files";
      return [platformProblem(draft, ["services", key], { found, allowed, fix })];
    }),
  );

/** Bytes of a secret or config; undefined when they are not known before `up`. */
function sizeOf(thing: SecretPlan | ConfigPlan, draft: Draft, world: World): number | undefined {
  if (thing.kind === "content") return Buffer.byteLength(thing.content);
  if (thing.kind !== "file") return undefined;
  return world.size?.(resolve(draft.plan.folder, thing.file));
}
