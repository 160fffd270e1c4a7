import { createHmac, randomBytes, randomInt } from "node:crypto";
import type { SwarmAccess } from "../../engine/access";
import type { EngineClient } from "../../engine/client";
import { cause, isNotFound, orGone, statusOf } from "../../engine/errors";
import type { LiveContent } from "../../engine/live";
import { poll, writeInTurn } from "../../engine/waiting";
import { bytesOf, type Carried } from "../../model/bytes";
import type { ConfigInputs } from "../../model/kinds/content";
import { describeOwner, isOwn, type Labels, MADE_LABEL } from "../../model/ownership";
import { hasUnknown } from "../../model/paths";
import { type Properties, UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * `<base>-<12 hex of an HMAC of the bytes>`: a different name for each content, which does not
 * reveal the content. Unknown while one of the parts is.
 */
export function contentName(
  base: unknown,
  salt: string | undefined,
  { data, encoding, templateDriver }: Properties,
): string | typeof UNKNOWN {
  if (salt === undefined || [base, data, encoding, templateDriver].includes(UNKNOWN)) {
    return UNKNOWN;
  }
  const hash = createHmac("sha256", salt).update(bytes(data ?? "", encoding));
  if (templateDriver !== undefined) hash.update(`\0${templateDriver ?? ""}`);
  return `${base}-${hash.digest("hex").slice(0, 12)}`;
}

function bytes(data: unknown, encoding: unknown): Buffer {
  return bytesOf({ data: String(data), ...(encoding === "base64" ? { encoding } : {}) });
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
  /** Mark of the create that made it. */
  readonly made?: unknown;
}

/** The mark in a state; older states have none. */
export function markOf(state: { readonly made?: unknown }): { readonly made?: unknown } {
  return state.made === undefined ? {} : { made: state.made };
}

/** What makes an object: inputs of a secret or a config. */
type Contents = Carried & Pick<ConfigInputs, "name" | "labels" | "templateDriver">;

/**
 * The object with this name: an existing one that belongs to this resource, marked by this
 * create, or a new one, which gets the labels.
 */
export async function findOrMake(
  shelf: Shelf,
  inputs: Contents,
  context: KindContext,
): Promise<Made> {
  const { name, labels } = inputs;
  if (hasUnknown(name)) {
    throw new Error(
      `the name of the ${shelf.noun} needs the stack's salt; pass salt to SwarmProvider`,
    );
  }
  const made = randomBytes(6).toString("hex");
  const there = await (await shelf.of(context)).list();
  const found = findOwn(shelf, there, name, context);
  const mark = { ...labels, ...context.labels, [MADE_LABEL]: made };
  const id = found ?? (await make(shelf, inputs, mark, context));
  if (found !== undefined) {
    await writeLabels(shelf, { id, made }, labels, context);
  }
  await removeStrays(shelf, there, id, context);
  return { id, made };
}

async function make(
  shelf: Shelf,
  inputs: Contents,
  labels: Labels,
  context: KindContext,
): Promise<string> {
  const { name, templateDriver } = inputs;
  return await (await shelf.of(context)).create({
    Name: name,
    Data: bytesOf(inputs).toString("base64"),
    Labels: labels,
    ...(templateDriver === undefined ? {} : { Templating: { Name: templateDriver } }),
  });
}

/**
 * Removes what this resource created earlier: a killed run may have created it without recording
 * it, or forgotten it while the whole swarm was being deleted. What a service still uses is
 * removed after that service.
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

/** Id of the object with this name if it belongs to this resource; undefined when there is none. */
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

/** Writes the labels; retries when someone else wrote in between. */
export async function writeLabels(
  shelf: Shelf,
  { id, made }: Made,
  labels: Labels,
  context: KindContext,
): Promise<void> {
  const mark: Labels = typeof made === "string" ? { [MADE_LABEL]: made } : {};
  await writeInTurn(context, async () => {
    const objects = await shelf.of(context);
    const { Version, Spec } = await objects.inspect(id);
    const Labels = { ...labels, ...context.labels, ...mark };
    await objects.update(id, Version.Index, { ...Spec, Labels });
    return true;
  });
}

/**
 * Removes the object after waiting for the services that still use it. Leaves it alone when a
 * later create adopted it, for example when a value goes back to its old one after a failed
 * rollout.
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
