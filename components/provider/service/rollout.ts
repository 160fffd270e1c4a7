import { createHash } from "node:crypto";
import { checkerOf } from "../../model/fields/check";
import { type RolloutInputs, rolloutFields } from "../../model/kinds/rollout";
import { changesBetween } from "../../model/paths";
import { milliseconds } from "../../model/quantities";
import type { Change } from "../../model/values";
import { judgeAll, settle } from "../../observe/converge";
import type { Verdict } from "../../observe/judge";
import { problemsOf } from "../../observe/report";
import { lookAt, type SwarmView } from "../../observe/swarm";
import type { KindContext } from "../context";
import type { Kind, Outcome } from "../kind";
import { resumeUpdate } from "./apply";
import { mayResume } from "./resume";
import { fingerprint } from "./revision";

type Marks = { readonly [key: string]: string | undefined };

/**
 * Waits until all services of a platform run. It creates nothing on the swarm. When it fails, it
 * stays in the state with its reasons, and the next up waits again.
 */
export const rolloutKind: Kind<RolloutInputs, KindContext> = {
  token: "swarm:index:Rollout",
  secrets: [],
  check: checkerOf(rolloutFields),
  // How long to wait is read when there is something to wait for.
  diff: (old, news) => [
    ...changesBetween(old.inputs.services, news.services, "services", () => false),
    // Without it, a preview shows an update of a Rollout in which nothing differs.
    ...("notRunning" in old.state ? [waitsAgain] : []),
  ],
  plan: (news) => ({ ...news }),
  create: (inputs, context) => roll(idOf(context.urn), inputs, context),
  async update(old, news, context) {
    await resume(old.inputs, news, context);
    return await roll(old.id, news, context);
  },
  async read(id, old, context) {
    if (old === undefined) throw new Error("a Rollout cannot be imported; let Pulumi create it");
    const names = namesOf(old.inputs);
    const view = await lookAt(names, context);
    const verdicts = judgeAll(names, view, Date.now());
    const problems = await problemsOf(verdicts, "", context);
    const inputs = changedOutside(old.inputs, old.state.marks as Marks | undefined, view, context);
    const state = { ...inputs, marks: old.state.marks ?? {}, ...notRunning(verdicts) };
    return { id, inputs, state, problems };
  },
  async delete() {},
};

/** Continues paused updates of services that this run did not change. */
async function resume(
  old: RolloutInputs,
  news: RolloutInputs,
  context: KindContext,
): Promise<void> {
  const same = Object.entries(news.services)
    .filter(([key, { revision }]) => old.services[key]?.revision === revision)
    .map(([, { name }]) => name);
  const view = await lookAt(same, context);
  for (const service of view.services.values()) {
    const tasks = view.tasks.filter(({ ServiceID }) => ServiceID === service.ID);
    if (!mayResume(service, tasks, Date.now(), milliseconds(news.steady))) continue;
    context.log(`${service.Spec.Name}: its paused update continues`);
    await resumeUpdate(service, context);
  }
}

function namesOf({ services }: RolloutInputs): string[] {
  return [...new Set(Object.values(services).map(({ name }) => name))];
}

function idOf(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, 16);
}

async function roll(id: string, inputs: RolloutInputs, context: KindContext): Promise<Outcome> {
  const names = namesOf(inputs);
  const patience = {
    timeoutMs: milliseconds(inputs.timeout),
    steadyMs: milliseconds(inputs.steady),
  };
  const none = { verdicts: new Map<string, Verdict>(), when: "" };
  const { verdicts, when } = names.length === 0 ? none : await settle(names, patience, context);
  const problems = await problemsOf(verdicts, when, context);
  if (problems.length === 0) await context.leftovers.removeAll();
  const view = await lookAt(names, context);
  const marks = Object.entries(inputs.services).map(([key, { name }]) => [
    key,
    fingerprint(view.services.get(name), context.salt) ?? "",
  ]);
  const state = { ...inputs, marks: Object.fromEntries(marks), ...notRunning(verdicts) };
  return { id, state, problems };
}

/** The next `up` waits for these services again. */
const waitsAgain: Change = { path: "notRunning", kind: "delete", replace: false, stored: true };

/** Names of the services that do not run as they should; nothing when all do. */
function notRunning(verdicts: ReadonlyMap<string, Verdict>): { notRunning?: readonly string[] } {
  const names = [...verdicts].flatMap(([name, { state }]) => (state === "steady" ? [] : [name]));
  return names.length === 0 ? {} : { notRunning: names };
}

/** Marks the services that someone changed since the last wait, so that the next up waits for them again. */
function changedOutside(
  inputs: RolloutInputs,
  marks: Marks | undefined,
  view: SwarmView,
  context: KindContext,
): RolloutInputs {
  const services = Object.entries(inputs.services).map(([key, service]) => {
    const now = fingerprint(view.services.get(service.name), context.salt);
    const then = marks?.[key];
    const same = now === undefined || !then || now === then;
    return [key, same ? service : { ...service, revision: `changed outside (${now})` }];
  });
  return { ...inputs, services: Object.fromEntries(services) };
}
