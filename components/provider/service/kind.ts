import { isPinned } from "../../model/image";
import { isOwn } from "../../model/ownership";
import { changesBetween, hasUnknown, isMap, sameValue } from "../../model/paths";
import { milliseconds } from "../../model/quantities";
import { isFormerHostname } from "../../model/service/decode";
import { keepStated, stateDefaults, unstatedChanges } from "../../model/service/drift/stated";
import type { ServiceInputs } from "../../model/service/inputs";
import { isJobMode, type JobRun } from "../../model/service/mode";
import { normalise } from "../../model/service/normalise";
import { serviceProblems } from "../../model/service/problems";
import { type Change, type Properties, UNKNOWN } from "../../model/values";
import { judgeAll, waitForServices } from "../../observe/converge";
import { problemsOf } from "../../observe/report";
import { lookAt } from "../../observe/swarm";
import type { KindContext } from "../context";
import type { Kind, Outcome, Stored } from "../kind";
import {
  createService,
  findOwnService,
  imageOf,
  inspectService,
  observeService,
  updateService,
} from "./apply";
import { isOver, runsIn, seesItsEnd, withCurrentRun } from "./job";
import { removeService } from "./remove";
import { revisionOf } from "./revision";
import { takeOver } from "./take-over";

/** Checked, canonical inputs, with the mark that a Rollout repeats. */
export type CheckedService = ServiceInputs & { readonly revision: string };

const STEADY_MS = 5_000;

/** A service of the swarm. Changes in place; only tasks that change restart. */
export const serviceKind: Kind<CheckedService, KindContext> = {
  token: "swarm:index:Service",
  secrets: [],
  deleteBeforeReplace: (old, news) =>
    hasUnknown(news.name) || old.inputs.name === news.name || (old.inputs.ports ?? []).length > 0,
  check(news, olds, context) {
    const problems = serviceProblems(news);
    if (problems.length > 0) return { inputs: news, problems };
    const inputs = normalise(news);
    const revision = keptRevision(olds, inputs) ?? revisionOf({ ...inputs }, context.salt);
    return { inputs: { ...stateDefaults(inputs, olds), revision }, problems };
  },
  diff(old, news) {
    const [before, after] = bothMaps(
      keepStated(unmarked(old.inputs, news), news),
      keepStated(unmarked(news, news), old.inputs),
    );
    const changes = changesBetween(before, after, "", (path) => ["name", "mode"].includes(path));
    if (!isJobMode(news.mode)) return changes;
    if (news.run === "once" && isOver(old.state)) return changes.filter(({ replace }) => replace);
    return changes.length === 0 && news.run === "everyUp" ? [runsAgain] : changes;
  },
  plan: (news, old) => ({
    ...news,
    resolvedImage: plannedImage(news, old),
    ...(isJobMode(news.mode) ? { runs: UNKNOWN } : {}),
  }),
  async create(inputs, context) {
    const left = await findOwnService(inputs.name, context);
    if (left !== undefined && !isOwn(left.Spec.Labels, context.urn)) {
      const taken = await takeOver(left, inputs, context);
      return await settled(left.ID, inputs, taken, context);
    }
    if (left !== undefined) {
      const { resolvedImage } = await updateService(left.ID, inputs, undefined, context);
      return await settled(left.ID, inputs, { resolvedImage }, context);
    }
    const { id, resolvedImage } = await createService(inputs, context);
    return await settled(id, inputs, { resolvedImage }, context);
  },
  async read(id, old, context) {
    const live = await inspectService(id, context);
    if (live === undefined) return undefined;
    const found = keepStated(await observeService(live, old, context), old?.inputs);
    const unstated = old === undefined ? [] : unstatedChanges(found, old.inputs);
    for (const one of unstated) context.warn(one);
    const revision = revisionAfter(found, old, context);
    const state: Properties = { ...found, revision };
    // An import's inputs go through Check, which makes the mark itself.
    const inputs: Properties = old === undefined ? { ...found } : state;
    const resolvedImage = live.Spec.TaskTemplate?.ContainerSpec?.Image ?? "";
    const problems = old?.inputs.wait === true ? await problemsNow(found.name, context) : [];
    const runs = await runsNow(found, old?.state, context);
    return { id: live.ID, inputs, state: { ...state, resolvedImage, ...runs }, problems };
  },
  async update(old, news, context) {
    const before = await runsNow(news, old.state, context);
    const { resolvedImage } = await updateService(old.id, news, old, context);
    return await settled(old.id, news, { ...before, resolvedImage }, context);
  },
  delete: (old, context) => removeService(old.id, old.inputs, context),
};

/** Inputs without their mark, and without a hostname that nobody asked for. */
function unmarked(inputs: Properties, wanted: ServiceInputs): Properties {
  const { revision: _, hostname, ...rest } = inputs;
  const stated = hostname !== undefined && !isFormerHostname(hostname, wanted);
  return stated ? { hostname, ...rest } : rest;
}

/** The old mark, where only the former hostname differs. */
function keptRevision(olds: Properties | undefined, news: ServiceInputs): unknown {
  if (olds === undefined || !isFormerHostname(olds.hostname, news)) return undefined;
  return sameValue(unmarked(olds, news), unmarked(news, news)) ? olds.revision : undefined;
}

/** Both inputs, with an empty map where only the other one has a map: then each member is named in a diff. */
function bothMaps(old: Properties, news: Properties): [Properties, Properties] {
  const empty = (from: Properties) =>
    Object.fromEntries(Object.keys(from).flatMap((key) => (isMap(from[key]) ? [[key, {}]] : [])));
  return [
    { ...empty(news), ...old },
    { ...empty(old), ...news },
  ];
}

/** What a preview may say about the image: the digest stays while its text does. */
function plannedImage(news: CheckedService, old: Stored<CheckedService> | undefined): unknown {
  if (hasUnknown(news.image)) return UNKNOWN;
  if (old !== undefined && imageOf(old) === news.image) return old.state.resolvedImage;
  return isPinned(news.image) ? news.image : UNKNOWN;
}

/** The old mark while nothing drifted, so that a refresh alone triggers no Rollout. */
function revisionAfter(
  found: ServiceInputs,
  old: Stored<CheckedService> | undefined,
  context: KindContext,
): unknown {
  if (old !== undefined && sameValue(unmarked(old.inputs, found), found)) {
    return old.inputs.revision;
  }
  const revision = revisionOf({ ...found }, context.salt);
  return revision === UNKNOWN ? "" : revision;
}

/** The outcome of a create or update, after waiting where the service asks for it. */
async function settled(
  id: string,
  inputs: CheckedService,
  known: Properties & { readonly resolvedImage: string },
  context: KindContext,
): Promise<Outcome> {
  const { name, wait, waitFor, timeout = "5m" } = inputs;
  const waits = wait === true || seesItsEnd(inputs);
  const started = waitFor === "started" && !seesItsEnd(inputs);
  const steadyMs = started ? 0 : STEADY_MS;
  const patience = { timeoutMs: milliseconds(timeout), steadyMs, started };
  const problems = waits ? await waitForServices([name], patience, context) : [];
  const runs = await runsNow(inputs, known, context);
  return { id, state: { ...inputs, ...known, ...runs }, problems };
}

/** The runs of a job, with the current one; nothing for other services. */
async function runsNow(
  { name, mode }: ServiceInputs,
  before: Properties | undefined,
  context: KindContext,
): Promise<{ readonly runs?: readonly JobRun[] }> {
  if (!isJobMode(mode)) return {};
  const view = await lookAt([name], context);
  const live = view.services.get(name);
  if (live === undefined) return { runs: runsIn(before) };
  const state = judgeAll([name], view, Date.now()).get(name)?.state ?? "failed";
  return { runs: withCurrentRun(runsIn(before), live, view.tasks, state) };
}

/** What a preview says of a job that runs with each `up`. */
const runsAgain: Change = { path: "run", kind: "update", replace: false };

async function problemsNow(name: string, context: KindContext): Promise<string[]> {
  const view = await lookAt([name], context);
  return await problemsOf(judgeAll([name], view, Date.now()), "", context);
}
