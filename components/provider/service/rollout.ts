import { createHash } from "node:crypto";
import { checkerOf } from "../../model/fields/check";
import { type RolloutInputs, rolloutFields } from "../../model/kinds/rollout";
import { changesBetween } from "../../model/paths";
import { bothNames } from "../../model/platform/compose-names";
import { milliseconds } from "../../model/quantities";
import type { Change } from "../../model/values";
import { portsToAnswer } from "../../observe/answers/published";
import { isTraefik, type RoutedPort, routedPorts } from "../../observe/answers/routed";
import { awaitAnswers, awaitListening } from "../../observe/answers/unanswered";
import { judgeAll, type Settled, settle } from "../../observe/converge";
import type { Verdict } from "../../observe/judge";
import { deadAddresses } from "../../observe/kernel";
import { problemsOf } from "../../observe/report";
import { lookAt, type SwarmView } from "../../observe/swarm";
import { removeForgotten } from "../content/forgotten";
import type { KindContext } from "../context";
import type { Kind, Outcome } from "../kind";
import { resumeUpdate } from "./apply";
import { warnOfKeptVolumes } from "./kept-volumes";
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
    return await roll(old.id, news, context, true);
  },
  async read(id, old, context) {
    if (old === undefined) throw new Error("a Rollout cannot be imported; let Pulumi create it");
    const names = namesOf(old.inputs);
    const view = await lookAt(names, context);
    const verdicts = judgeAll(names, view, Date.now());
    // A refresh tries no ports, unless the last wait ended because of one.
    const tries = "notRunning" in old.state;
    const { problems, failed } = await wrongWith({ view, verdicts, when: "" }, context, {
      quietPorts: old.inputs.quietPorts,
      ...(tries ? { answerMs: 0 } : {}),
    });
    const inputs = changedOutside(old.inputs, old.state.marks as Marks | undefined, view, context);
    const state = { ...inputs, marks: old.state.marks ?? {}, ...notRunning(failed) };
    return { id, inputs, state, problems };
  },
  // Its services go next, and with them what says which volumes they had.
  delete: (old, context) => warnOfKeptVolumes(namesOf(old.inputs), context),
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

async function roll(
  id: string,
  inputs: RolloutInputs,
  context: KindContext,
  isUpdate = false,
): Promise<Outcome> {
  const names = namesOf(inputs);
  const timeoutMs = milliseconds(inputs.timeout);
  const patience = { timeoutMs, steadyMs: milliseconds(inputs.steady) };
  const start = Date.now();
  const none = { view: NOTHING_SEEN, verdicts: new Map<string, Verdict>(), when: "" };
  const settled = names.length === 0 ? none : await settle(names, patience, context);
  const answerMs = Math.max(LEAST_ANSWER_MS, start + timeoutMs - Date.now());
  const { problems, failed } = await wrongWith(settled, context, {
    quietPorts: inputs.quietPorts,
    answerMs,
  });
  if (problems.length === 0) {
    await context.leftovers.removeAll();
    if (isUpdate) await removeForgotten([...settled.view.services.values()], context);
    await warnOfDeadAddresses(settled.view, context);
  }
  const view = await lookAt(names, context);
  const marks = Object.entries(inputs.services).map(([key, { name }]) => [
    key,
    fingerprint(view.services.get(name), context.salt) ?? "",
  ]);
  const state = { ...inputs, marks: Object.fromEntries(marks), ...notRunning(failed) };
  return { id, state, problems };
}

/** How long ports may take to answer at least, also where tasks took all the time that there was. */
const LEAST_ANSWER_MS = 15_000;
const NOTHING_SEEN: SwarmView = { services: new Map(), tasks: [], nodes: [] };

/**
 * What is wrong with services, and the names of those that are not as they should be: they do not run,
 * or, when all run, a port does not answer that is published or that Traefik passes requests on to.
 */
async function wrongWith(
  { view, verdicts, when }: Settled,
  context: KindContext,
  { quietPorts, answerMs }: { readonly quietPorts?: readonly number[]; readonly answerMs?: number },
): Promise<{ readonly problems: readonly string[]; readonly failed: readonly string[] }> {
  const failed = [...verdicts].flatMap(([name, { state }]) => (state === "steady" ? [] : [name]));
  if (failed.length > 0) return { problems: await problemsOf(verdicts, when, context), failed };
  if (answerMs === undefined) return { problems: [], failed };
  const [published, routed] = await Promise.all([
    awaitAnswers(portsToAnswer(view, verdicts, quietPorts), answerMs, context),
    awaitListening(
      await passedOn(routedPorts(view, verdicts, quietPorts), context),
      answerMs,
      context,
    ),
  ]);
  const silent = [...published, ...routed];
  const names = silent.map(({ port }) => port.service);
  return { problems: silent.map(({ problem }) => problem), failed: [...new Set(names)] };
}

/** Without Traefik, labels for it mean nothing. */
async function passedOn(
  ports: readonly RoutedPort[],
  context: KindContext,
): Promise<readonly RoutedPort[]> {
  if (ports.length === 0) return [];
  const services = await (await context.manager()).services.list();
  return services.some(isTraefik) ? ports : [];
}

async function warnOfDeadAddresses(view: SwarmView, context: KindContext): Promise<void> {
  const dead = await deadAddresses(view, context);
  if (dead === undefined) return;
  context.warn(
    `the kernel of ${dead.nodes.join(", ")} has no IP_VS, so the names of ${dead.services.join(", ")} lead nowhere there: ` +
      `set \`discovery: dnsrr\` in swarmyard:swarm, or ${bothNames("endpointMode: dnsrr")} of the service`,
  );
}

/** The next `up` waits for these services again. */
const waitsAgain: Change = { path: "notRunning", kind: "delete", replace: false, stored: true };

/** Names of the services that are not as they should be; nothing when all are. */
function notRunning(names: readonly string[]): { notRunning?: readonly string[] } {
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
