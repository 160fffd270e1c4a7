import type { SwarmAccess } from "../../engine/access";
import { isOutOfSequence, orGone } from "../../engine/errors";
import { poll } from "../../engine/waiting";
import { describeOwner, isOwn, isUnowned } from "../../model/ownership";
import { serviceBody } from "../../model/service/body";
import { observe, sameService, sameTasks } from "../../model/service/decode";
import type { ServiceInputs } from "../../model/service/inputs";
import { isJobMode } from "../../model/service/mode";
import type { Resolved } from "../../model/service/resolved";
import type { LiveService, Texts, WireSpec } from "../../model/service/wire";
import type { Properties } from "../../model/values";
import { judgeAll } from "../../observe/converge";
import { lookAt } from "../../observe/swarm";
import type { KindContext } from "../context";
import { requireEngine } from "./engine-version";
import { type JobStep, jobStep } from "./job";
import { networkNames, type ResolvedImage, resolveImage, resolveNames } from "./resolve";

/** What the Pulumi engine stores about a service. */
export interface Before {
  readonly inputs: ServiceInputs;
  readonly state: Properties;
}

/** The service by id or name; undefined when the swarm does not have it. */
export async function inspectService(
  id: string,
  context: SwarmAccess,
): Promise<LiveService | undefined> {
  const docker = await context.manager();
  return await orGone(docker.services.inspect(id));
}

/**
 * The service of this name if this resource created it, or may take it over.
 *
 * @throws when someone else did
 */
export async function findOwnService(
  name: string,
  context: KindContext,
): Promise<LiveService | undefined> {
  const docker = await context.manager();
  const similar = await docker.services.list({ name: [name] });
  const found = similar.find((service) => service.Spec.Name === name);
  if (found === undefined || isOwn(found.Spec.Labels, context.urn)) return found;
  if (context.adopts !== true || !isUnowned(found.Spec.Labels)) {
    throw new Error(
      `a service ${name} exists already: ${describeOwner(found.Spec.Labels)}; ` +
        `choose another name, or remove it with docker service rm ${name}`,
    );
  }
  return found;
}

/** Creates the service; returns its id and the image it runs. */
export async function createService(
  inputs: ServiceInputs,
  context: KindContext,
): Promise<{ id: string; resolvedImage: string }> {
  const [names, image] = await Promise.all([
    resolveNames(inputs, context),
    resolveImage(inputs.image, context),
    requireEngine(inputs, context),
  ]);
  const body = serviceBody(inputs, { ...names, ...image, labels: context.labels });
  const docker = await context.manager();
  const id = await docker.services.create(body, context.registryAuth(inputs.image));
  return { id, resolvedImage: image.image };
}

/**
 * Writes the inputs over the live service. Tasks that do not change keep running.
 * `before` is undefined for a service that an interrupted create left behind.
 */
export async function updateService(
  id: string,
  news: ServiceInputs,
  before: Before | undefined,
  context: KindContext,
): Promise<{ resolvedImage: string }> {
  const [names, image] = await Promise.all([
    resolveNames(news, context),
    before !== undefined && imageOf(before) === news.image
      ? undefined
      : resolveImage(news.image, context),
    requireEngine(news, context),
  ]);
  const written = await poll(context, { timeoutMs: 15_000, everyMs: 100 }, async () => {
    const live = await inspectService(id, context);
    if (live === undefined) {
      throw new Error(`the service ${news.name} is gone; run refresh, then up to recreate it`);
    }
    const kept = image ?? keptImage(live.Spec, before);
    const forceUpdate = forcedUpdate(live.Spec, news, before?.inputs);
    const networks = { ...inverse(names.networks), ...(await networkNames(live.Spec, context)) };
    const resolved = { ...names, ...kept, labels: context.labels, forceUpdate };
    const body = mergedBody(live.Spec, news, resolved, networks);
    const known = { networks, inputs: news, resolvedImage: kept.image };
    const changed = !sameService(live.Spec, body, known);
    const step = isJobMode(news.mode) ? await stepOf(news, changed, context) : "write";
    if (step === "leave") return { image: live.Spec.TaskTemplate?.ContainerSpec?.Image ?? "" };
    const sent = step === "rerun" ? forced(body, forceUpdate + 1) : body;
    return (await write(live, sent, news.image, context)) ? kept : undefined;
  });
  if (written === undefined) {
    throw new Error(
      `the service ${news.name} was changed by someone else on every try; run up again`,
    );
  }
  return { resolvedImage: written.image };
}

async function stepOf(
  { name, run = "onChange" }: ServiceInputs,
  changed: boolean,
  context: KindContext,
): Promise<JobStep> {
  const view = await lookAt([name], context);
  return jobStep(run, changed, judgeAll([name], view, Date.now()).get(name)?.state ?? "failed");
}

function forced(body: WireSpec, ForceUpdate: number): WireSpec {
  return { ...body, TaskTemplate: { ...body.TaskTemplate, ForceUpdate } };
}

/** Network names by id, of a map of ids by name. */
export function inverse(ids: Texts): Texts {
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [id, name]));
}

/**
 * The image's text that was written last. After a failed update the Pulumi engine keeps the inputs of the one before
 * it, beside the state of the failed one.
 */
export function imageOf({ inputs, state }: Before): string {
  return typeof state.image === "string" ? state.image : inputs.image;
}

/** The image and platforms of the last create or update, for an image whose text is the same. */
function keptImage(live: WireSpec, before: Before | undefined): ResolvedImage {
  const found = live.TaskTemplate?.ContainerSpec?.Image ?? "";
  const { resolvedImage } = before?.state ?? {};
  const image = typeof resolvedImage === "string" ? resolvedImage : found;
  const platforms = live.TaskTemplate?.Placement?.Platforms ?? undefined;
  return { image, platforms: image === found ? platforms : undefined };
}

/** Keeps the live number, which a forced restart raises, unless the inputs' number changed. */
export function forcedUpdate(
  live: WireSpec,
  news: ServiceInputs,
  before: ServiceInputs | undefined,
): number {
  const now = live.TaskTemplate?.ForceUpdate ?? 0;
  const wanted = news.forceUpdate ?? 0;
  if (wanted === (before?.forceUpdate ?? 0)) return now;
  return wanted === now ? now + 1 : wanted;
}

/** The new body; it reuses the live template where that makes the same tasks. */
export function mergedBody(
  live: WireSpec,
  news: ServiceInputs,
  resolved: Resolved,
  networks: { readonly [id: string]: string },
): WireSpec {
  const body = serviceBody(news, resolved);
  const known = { networks, inputs: news, resolvedImage: resolved.image };
  const same = sameTasks(live, body, known);
  return same ? { ...body, TaskTemplate: live.TaskTemplate } : body;
}

/** Writes the body, as it is; false when someone else wrote since it was read. */
export async function write(
  live: LiveService,
  body: WireSpec,
  image: string,
  context: SwarmAccess,
): Promise<boolean> {
  const { services } = await context.manager();
  try {
    await services.update(live.ID, live.Version.Index, body, context.registryAuth(image));
    return true;
  } catch (error) {
    if (isOutOfSequence(error)) return false;
    throw error;
  }
}

/** What is really there, in the words of the inputs. */
export async function observeService(
  live: LiveService,
  before: Before | undefined,
  context: SwarmAccess,
): Promise<ServiceInputs> {
  const image = before?.state.resolvedImage;
  return observe(live.Spec, {
    inputs: before && { ...before.inputs, image: imageOf(before) },
    resolvedImage: typeof image === "string" ? image : undefined,
    networks: await networkNames(live.Spec, context),
  });
}

/** Makes swarm continue a paused update by sending the same body again. */
export async function resumeUpdate(live: LiveService, context: SwarmAccess): Promise<void> {
  // Someone else's write in between continues it too.
  await write(live, live.Spec, live.Spec.TaskTemplate?.ContainerSpec?.Image ?? "", context);
}
