import { isPinned } from "../../model/image";
import { changesBetween, hasUnknown, isMap, sameValue } from "../../model/paths";
import { milliseconds } from "../../model/quantities";
import type { ServiceInputs } from "../../model/service/inputs";
import { normalise } from "../../model/service/normalise";
import { serviceProblems } from "../../model/service/problems";
import { type Properties, UNKNOWN } from "../../model/values";
import { judgeAll, waitForServices } from "../../observe/converge";
import { problemsOf } from "../../observe/report";
import { lookAt } from "../../observe/swarm";
import type { KindContext } from "../context";
import type { Kind, Outcome, Stored } from "../kind";
import {
  createService,
  findOwnService,
  inspectService,
  observeService,
  updateService,
} from "./apply";
import { removeService } from "./remove";
import { revisionOf } from "./revision";

/** Checked, canonical inputs, with the mark that a Rollout repeats. */
export type CheckedService = ServiceInputs & { readonly revision: string };

const STEADY_MS = 5_000;

/** A service of the swarm. Changes in place; only tasks that change restart. */
export const serviceKind: Kind<CheckedService, KindContext> = {
  token: "swarm:index:Service",
  secrets: [],
  deleteBeforeReplace: (old, news) =>
    hasUnknown(news.name) || old.inputs.name === news.name || (old.inputs.ports ?? []).length > 0,
  check(news, _olds, context) {
    const problems = serviceProblems(news);
    if (problems.length > 0) return { inputs: news, problems };
    const inputs = normalise(news);
    return { inputs: { ...inputs, revision: revisionOf({ ...inputs }, context.salt) }, problems };
  },
  diff(old, news) {
    const [before, after] = bothMaps(withoutRevision(old.inputs), withoutRevision(news));
    return changesBetween(before, after, "", (path) => ["name", "mode"].includes(path));
  },
  plan: (news, old) => ({ ...news, resolvedImage: plannedImage(news, old) }),
  async create(inputs, context) {
    const left = await findOwnService(inputs.name, context);
    if (left !== undefined) {
      const { resolvedImage } = await updateService(left.ID, inputs, undefined, context);
      return await settled(left.ID, inputs, resolvedImage, context);
    }
    const { id, resolvedImage } = await createService(inputs, context);
    return await settled(id, inputs, resolvedImage, context);
  },
  async read(id, old, context) {
    const live = await inspectService(id, context);
    if (live === undefined) return undefined;
    const found = await observeService(live, old, context);
    const revision = revisionAfter(found, old, context);
    const state: Properties = { ...found, revision };
    // An import's inputs go through Check, which makes the mark itself.
    const inputs: Properties = old === undefined ? { ...found } : state;
    const resolvedImage = live.Spec.TaskTemplate?.ContainerSpec?.Image ?? "";
    const problems = old?.inputs.wait === true ? await problemsNow(found.name, context) : [];
    return { id: live.ID, inputs, state: { ...state, resolvedImage }, problems };
  },
  async update(old, news, context) {
    const { resolvedImage } = await updateService(old.id, news, old, context);
    return await settled(old.id, news, resolvedImage, context);
  },
  delete: (old, context) => removeService(old.id, old.inputs, context),
};

function withoutRevision({ revision: _, ...inputs }: CheckedService): Properties {
  return inputs;
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
  if (old !== undefined && old.inputs.image === news.image) return old.state.resolvedImage;
  return isPinned(news.image) ? news.image : UNKNOWN;
}

/** The old mark while nothing drifted, so that a refresh alone triggers no Rollout. */
function revisionAfter(
  found: ServiceInputs,
  old: Stored<CheckedService> | undefined,
  context: KindContext,
): unknown {
  if (old !== undefined && sameValue(withoutRevision(old.inputs), found)) {
    return old.inputs.revision;
  }
  const revision = revisionOf({ ...found }, context.salt);
  return revision === UNKNOWN ? "" : revision;
}

/** The outcome of a create or update, after waiting where the service asks for it. */
async function settled(
  id: string,
  inputs: CheckedService,
  resolvedImage: string,
  context: KindContext,
): Promise<Outcome> {
  const state = { ...inputs, resolvedImage };
  if (inputs.wait !== true) return { id, state };
  const patience = { timeoutMs: milliseconds(inputs.timeout ?? "5m"), steadyMs: STEADY_MS };
  return { id, state, problems: await waitForServices([inputs.name], patience, context) };
}

async function problemsNow(name: string, context: KindContext): Promise<string[]> {
  const view = await lookAt([name], context);
  return await problemsOf(judgeAll([name], view, Date.now()), "", context);
}
