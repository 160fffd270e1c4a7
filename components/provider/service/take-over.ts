import { poll } from "../../engine/waiting";
import { changesBetween } from "../../model/paths";
import { observe } from "../../model/service/decode";
import type { ServiceInputs } from "../../model/service/inputs";
import { isJobMode } from "../../model/service/mode";
import type { LiveService, WireSpec } from "../../model/service/wire";
import type { Properties } from "../../model/values";
import type { KindContext } from "../context";
import { inspectService, inverse, mergedBody, write } from "./apply";
import { requireEngine } from "./engine-version";
import { networkNames, resolveNames } from "./resolve";

/**
 * Takes over a service that somebody else made. Its tasks go on: only its labels, replicas, ports and
 * policies may change.
 *
 * @throws naming every field by which its tasks would restart
 */
export async function takeOver(
  found: LiveService,
  inputs: ServiceInputs,
  context: KindContext,
): Promise<{ readonly resolvedImage: string }> {
  await requireEngine(inputs, context);
  const names = await resolveNames(inputs, context);
  let image = "";
  const written = await poll(context, { timeoutMs: 15_000, everyMs: 100 }, async () => {
    const live = await inspectService(found.ID, context);
    if (live === undefined) throw new Error(`the service ${inputs.name} is gone; run up again`);
    const { Spec } = live;
    image = Spec.TaskTemplate?.ContainerSpec?.Image ?? "";
    const platforms = Spec.TaskTemplate?.Placement?.Platforms ?? undefined;
    const networks = { ...inverse(names.networks), ...(await networkNames(Spec, context)) };
    const forceUpdate = Spec.TaskTemplate?.ForceUpdate ?? 0;
    const resolved = { ...names, image, platforms, labels: context.labels, forceUpdate };
    const known = { networks, inputs, resolvedImage: image };
    const changes = taskChanges(Spec, inputs, known);
    const body = mergedBody(Spec, inputs, resolved, networks);
    if (changes.length > 0 || body.TaskTemplate !== Spec.TaskTemplate) {
      throw new Error(refusal(inputs.name, changes));
    }
    // Swarm runs a job again whenever it is written, so it stays as it is, without our labels.
    if (isJobMode(inputs.mode)) return true;
    return (await write(live, body, inputs.image, context)) || undefined;
  });
  if (written === undefined) {
    throw new Error(`the service ${inputs.name} kept changing while it was taken over; try again`);
  }
  context.log(`took over the service ${inputs.name}`);
  return { resolvedImage: image };
}

/** What says nothing of the service itself. */
const OURS = ["name", "run", "wait", "waitFor", "timeout", "revision", "forceUpdate"];

/** What is not part of a task. */
const AROUND = ["labels", "replicas", "ports", "endpointMode", "update", "rollback"];

interface Known {
  readonly networks: { readonly [id: string]: string };
  readonly inputs: ServiceInputs;
  readonly resolvedImage: string;
}

/** Fields by which the tasks that the inputs ask for differ from those that run. Pure. */
export function taskChanges(live: WireSpec, inputs: ServiceInputs, known: Known): string[] {
  const image = live.TaskTemplate?.ContainerSpec?.Image ?? "";
  const apart = isJobMode(inputs.mode) ? OURS : [...OURS, ...AROUND];
  const seen = without(apart, observe(live, known));
  const wanted = without(apart, inputs);
  const changes = changesBetween(
    { ...seen, image: "" },
    { ...wanted, image: "" },
    "",
    () => false,
  ).map(({ path }) => path);
  return isImage(image, inputs.image) ? changes : [`image (it runs ${image})`, ...changes];
}

function without(keys: readonly string[], inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !keys.includes(key)));
}

/** Whether a service that runs this image runs the one that is asked for; a tag alone stands for its digest. Pure. */
export function isImage(live: string, wanted: string): boolean {
  const [tagged = ""] = live.split("@");
  return [live, tagged].some((one) => one === wanted || one === `${wanted}:latest`);
}

function refusal(name: string, changes: readonly string[]): string {
  const what = changes.length === 0 ? "its task template" : changes.join(", ");
  return (
    `the service ${name} cannot be taken over as it is, because its tasks would restart: ${what} ` +
    "differs from what runs; write the service as it is, which `npm run adopt` does, run up, and change it afterwards"
  );
}
