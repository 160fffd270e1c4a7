import { createHmac, randomBytes, randomInt } from "node:crypto";
import type { SwarmAccess } from "../../engine/access";
import type { EngineClient } from "../../engine/client";
import { cause, isNotFound, isOutOfSequence, orGone, statusOf } from "../../engine/errors";
import type { LiveContent } from "../../engine/live";
import { poll } from "../../engine/waiting";
import { describeOwner, isOwn, type Labels, MADE_LABEL } from "../../model/ownership";
import { hasUnknown } from "../../model/paths";
import { UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * `<base>-<12 hex of an HMAC of the content>`: another name for each content, from which the content
 * cannot be guessed. Unknown while one of the parts is.
 */
export function contentName(
  base: unknown,
  salt: string | undefined,
  ...content: readonly unknown[]
): string | typeof UNKNOWN {
  if (salt === undefined || base === UNKNOWN || content.includes(UNKNOWN)) return UNKNOWN;
  const text = content.filter((part) => part !== undefined).join("\0");
  return `${base}-${createHmac("sha256", salt).update(text).digest("hex").slice(0, 12)}`;
}

/** Random letters and digits. */
export function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** The secrets or the configs of the swarm, which are alike. */
export interface Shelf {
  /** `secret` or `config`, for messages. */
  readonly noun: string;
  of(access: SwarmAccess): Promise<EngineClient["secrets"]>;
}

/** The object as the swarm has it. */
export async function inspect(shelf: Shelf, id: string, access: SwarmAccess): Promise<LiveContent> {
  return await (await shelf.of(access)).inspect(id);
}

async function remove(shelf: Shelf, id: string, access: SwarmAccess): Promise<void> {
  await (await shelf.of(access)).remove(id);
}

/** An object as the state knows it. */
export interface Made {
  readonly id: string;
  /** Mark of the create that it is from. */
  readonly made?: unknown;
}

/** The mark in a state; none in one from before there were marks. */
export function markOf(state: { readonly made?: unknown }): { readonly made?: unknown } {
  return state.made === undefined ? {} : { made: state.made };
}

/**
 * The object with this name: the one that is there when it is this resource's own, with a mark of
 * this create, or a new one by `make`, which gets its labels.
 */
export async function findOrMake(
  shelf: Shelf,
  name: string,
  labels: Labels,
  context: KindContext,
  make: (labels: Labels) => Promise<string>,
): Promise<Made> {
  if (hasUnknown(name)) {
    throw new Error(
      `the name of the ${shelf.noun} needs the stack's salt; pass salt to SwarmProvider`,
    );
  }
  const made = randomBytes(6).toString("hex");
  const there = await (await shelf.of(context)).list();
  const found = findOwn(shelf, there, name, context);
  const id = found ?? (await make({ ...labels, ...context.labels, [MADE_LABEL]: made }));
  if (found !== undefined) {
    await writeLabels(shelf, { id, made }, labels, context);
  }
  await removeStrays(shelf, there, id, context);
  return { id, made };
}

/**
 * Removes what this resource made earlier: a killed run may have made it without noting it, or
 * forgotten it when the whole swarm was on its way out. What a service still has goes after it.
 */
async function removeStrays(
  shelf: Shelf,
  there: readonly LiveContent[],
  id: string,
  context: KindContext,
): Promise<void> {
  const own = there.filter(({ Spec }) => isOwn(Spec.Labels, context.urn));
  for (const stray of own.filter(({ ID }) => ID !== id)) {
    await context.leftovers.remove(stray.ID, () => remove(shelf, stray.ID, context));
  }
}

/** Id of the object with this name when it is this resource's own; undefined when there is none. */
function findOwn(
  shelf: Shelf,
  there: readonly LiveContent[],
  name: string,
  context: KindContext,
): string | undefined {
  const found = there.find((item) => item.Spec.Name === name);
  if (found && !isOwn(found.Spec.Labels, context.urn)) {
    throw new Error(
      `a ${shelf.noun} ${name} exists already: ${describeOwner(found.Spec.Labels)}; ` +
        `choose another name, or remove it with docker ${shelf.noun} rm ${name}`,
    );
  }
  return found?.ID;
}

/** Writes the labels, again when somebody else wrote in between. */
export async function writeLabels(
  shelf: Shelf,
  { id, made }: Made,
  labels: Labels,
  context: KindContext,
): Promise<void> {
  const mark: Labels = typeof made === "string" ? { [MADE_LABEL]: made } : {};
  await poll(context, { timeoutMs: 10_000, everyMs: 200 }, async () => {
    try {
      const objects = await shelf.of(context);
      const { Version, Spec } = await objects.inspect(id);
      const Labels = { ...labels, ...context.labels, ...mark };
      await objects.update(id, Version.Index, { ...Spec, Labels });
      return true;
    } catch (error) {
      if (isOutOfSequence(error)) return undefined;
      throw error;
    }
  });
}

/**
 * Removes the object, waiting for the services that still use it. Leaves it alone when a later
 * create has taken it over, as when a value goes back to what it was before a failed rollout.
 */
export async function removeUnused(
  shelf: Shelf,
  { id, made }: Made,
  name: string,
  context: KindContext,
): Promise<void> {
  const found = await orGone(inspect(shelf, id, context));
  const mark = found?.Spec.Labels?.[MADE_LABEL];
  if (found === undefined || (mark !== undefined && mark !== made)) return;
  let refusal = "";
  const gone = await poll(context, { timeoutMs: 30_000, everyMs: 1_000 }, async () => {
    try {
      await remove(shelf, id, context);
      return true;
    } catch (error) {
      if (isNotFound(error)) return true;
      const said = cause(error);
      if (statusOf(error) === undefined || !/in use/.test(said)) throw error;
      if (said !== refusal) {
        context.log(said);
      }
      refusal = said;
      return undefined;
    }
  });
  if (gone === undefined) {
    throw new Error(
      `the ${shelf.noun} ${name} is still used after 30 s: ${refusal}; ` +
        "remove it from these services, or remove them with docker service rm",
    );
  }
}
