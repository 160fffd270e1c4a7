import { orGone } from "../../engine/errors";
import type { LiveContent } from "../../engine/live";
import { carried } from "../../model/bytes";
import { checkerOf } from "../../model/fields/check";
import { type ConfigInputs, configFields, configProblems } from "../../model/kinds/content";
import { visibleLabels } from "../../model/ownership";
import { changesBetween, topLevel } from "../../model/paths";
import { UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind, ReadOutcome } from "../kind";
import {
  contentName,
  findOrMake,
  inspect,
  markOf,
  removeUnused,
  type Shelf,
  writeLabels,
} from "./content";

const checked = checkerOf(configFields, configProblems);

const shelf: Shelf = {
  noun: "config",
  of: async (context) => (await context.manager()).configs,
};

/** A config of the swarm. New content gets a new name. */
export const configKind: Kind<ConfigInputs, KindContext> = {
  token: "swarm:index:Config",
  secrets: [],
  check(news, _, context) {
    const name = contentName(news.base, context.salt, news);
    const { inputs, problems } = checked(news);
    return { inputs: { ...inputs, name }, problems };
  },
  diff: (old, news) => changesBetween(old.inputs, news, "", (path) => topLevel(path) !== "labels"),
  plan: (news, old) => ({ ...news, configId: old?.id ?? UNKNOWN }),
  async create(inputs, context) {
    const { id, made } = await findOrMake(shelf, inputs, context);
    return { id, state: { ...inputs, configId: id, made } };
  },
  async read(id, old, context) {
    const found = await orGone(inspect(shelf, id, context));
    if (!found) return undefined;
    if (old === undefined) return imported(found);
    const inputs = { ...old.inputs, labels: visibleLabels(found.Spec?.Labels) };
    return { id, inputs, state: { ...inputs, configId: id, ...markOf(old.state) } };
  },
  async update(old, news, context) {
    const mark = markOf(old.state);
    await writeLabels(shelf, { id: old.id, ...mark }, news.labels, context);
    return { id: old.id, state: { ...news, configId: old.id, ...mark } };
  },
  delete: (old, context) =>
    removeUnused(shelf, { id: old.id, ...markOf(old.state) }, old.inputs.name, context),
};

/** A config that somebody made by hand. Its next change brings the name with the hash of its content. */
function imported({ ID: id, Spec }: LiveContent): ReadOutcome {
  const { Name: name = "", Data = "", Templating } = Spec;
  const inputs = {
    base: name.replace(/-[0-9a-f]{12}$/, ""),
    ...carried(Buffer.from(Data, "base64")),
    ...(Templating?.Name === "golang" ? { templateDriver: "golang" } : {}),
    labels: visibleLabels(Spec.Labels),
  };
  return { id, inputs, state: { ...inputs, name, configId: id } };
}
