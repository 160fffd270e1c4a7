import { orGone } from "../../engine/errors";
import { checkerOf } from "../../model/fields/check";
import { type SecretInputs, secretFields, secretProblems } from "../../model/kinds/content";
import { visibleLabels } from "../../model/ownership";
import { changesBetween, topLevel } from "../../model/paths";
import type { Finding } from "../../model/problem";
import { type Properties, UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind, Stored } from "../kind";
import {
  contentName,
  findOrMake,
  inspect,
  type Made,
  markOf,
  randomText,
  removeUnused,
  type Shelf,
  writeLabels,
} from "./content";

const checked = checkerOf(secretFields, secretProblems);

const shelf: Shelf = {
  noun: "secret",
  of: async (context) => (await context.manager()).secrets,
};

/**
 * Name of a secret that someone removed. The resource stays in the state under it: only the
 * state has its data, and a random value must not change because its secret was removed by hand.
 */
const REMOVED = "removed from the swarm";

/** A secret of the swarm. New content gets a new name. */
export const secretKind: Kind<SecretInputs, KindContext> = {
  token: "swarm:index:Secret",
  secrets: ["data", "previous"],
  check(news, olds, context) {
    const value = news.random === undefined ? { data: news.data } : randomValue(news, olds);
    const name = contentName(news.base, context.salt, { ...news, data: value.data });
    const { inputs, problems } = checked(news);
    return {
      inputs: { ...inputs, ...value, name },
      problems: [...problems, ...tooShort(news, olds)],
    };
  },
  diff: (old, news) => {
    const inPlace = [
      ...[...ABOUT_RANDOM, "labels"],
      ...(isRemoved(old) ? ["name"] : []),
      ...(isRotation(old, news) ? ["name", "data"] : []),
    ];
    return changesBetween(old.inputs, news, "", (path) => !inPlace.includes(topLevel(path)));
  },
  plan: (news, old) => ({
    ...news,
    ...drawnAgain(news, old),
    secretId: old === undefined || !isCurrent(old, news) ? UNKNOWN : secretId(old),
  }),
  async create(inputs, context) {
    const { id, made } = await findOrMake(shelf, inputs, context);
    return { id, state: { ...inputs, secretId: id, made } };
  },
  async read(id, old, context) {
    if (!old) {
      throw new Error(
        "a Secret cannot be imported, because swarm does not reveal its data; use it as it is with " +
          "`external: <name>` in the platform's `secrets`, or declare a secret with the value from where you keep it",
      );
    }
    const found = await orGone(inspect(shelf, secretId(old), context));
    const inputs = found
      ? { ...old.inputs, labels: visibleLabels(found.Spec?.Labels) }
      : { ...old.inputs, name: REMOVED };
    return { id, inputs, state: { ...inputs, secretId: secretId(old), ...markOf(old.state) } };
  },
  async update(old, news, context) {
    const live = isCurrent(old, news) ? liveOf(old) : await findOrMake(shelf, news, context);
    await writeLabels(shelf, live, news.labels, context);
    return { id: old.id, state: { ...news, secretId: live.id, ...markOf(live) } };
  },
  delete: (old, context) => removeUnused(shelf, liveOf(old), old.inputs.name, context),
};

function isRemoved({ inputs }: Stored<SecretInputs>): boolean {
  return inputs.name === REMOVED;
}

/** True while the secret on the swarm is the wanted one: it was not removed by hand, and is not rotated. */
function isCurrent(old: Stored<SecretInputs>, news: SecretInputs): boolean {
  return !isRemoved(old) && old.inputs.name === news.name;
}

/**
 * A random value that gives way to another one. It stays the same resource: for a replacement the Pulumi engine
 * checks the inputs again without the old ones, and the value before would be lost. The secret before goes
 * when no service uses it any more.
 */
function isRotation({ inputs }: Stored<SecretInputs>, news: SecretInputs): boolean {
  const isRandom = inputs.random !== undefined && news.random !== undefined;
  return isRandom && inputs.base === news.base && inputs.templateDriver === news.templateDriver;
}

/** The secret's id on the swarm; the resource's id stays when the secret is recreated. */
function secretId({ id, state }: Stored<SecretInputs>): string {
  return typeof state.secretId === "string" ? state.secretId : id;
}

/** The current secret on the swarm, with the mark of its create. */
function liveOf(old: Stored<SecretInputs>): Made {
  return { id: secretId(old), ...markOf(old.state) };
}

/** Fields that say how a random value came to be; what a service reads is in `data` alone. */
const ABOUT_RANDOM = ["random", "rotate", "keepPrevious", "previous", "previousAs"];

/** What a preview must not show: it draws another value than the up after it. */
function drawnAgain(news: SecretInputs, old: Stored<SecretInputs> | undefined): Properties {
  const { random, data, previous } = news;
  if (random === undefined || data === old?.inputs.data || data === old?.inputs.previous) return {};
  const isDrawn = previous !== undefined && previous === data;
  return { data: UNKNOWN, name: UNKNOWN, ...(isDrawn ? { previous: UNKNOWN } : {}) };
}

/**
 * The random value that there is while it is asked for in the same way, otherwise a new one, with the one
 * before in `previous`. Asking again as before the last rotation brings that one back.
 */
function randomValue(news: Properties, olds: Properties | undefined): Properties {
  const { random, rotate, base } = news;
  if ([random, rotate, base].includes(UNKNOWN)) return { data: UNKNOWN };
  const before = olds?.random !== undefined && olds.base === base ? olds : undefined;
  const { data, previous, previousAs } = before ?? {};
  const first = (value: unknown) => (news.keepPrevious === true ? { previous: value } : {});
  if (before === undefined || data === undefined) {
    const value = drawn(random);
    return { data: value, ...first(value) };
  }
  if (askedAs(news) === askedAs(before)) {
    return { data, ...first(data), ...given({ previous, previousAs }) };
  }
  const isBack = previousAs !== undefined && askedAs(news) === previousAs;
  return { data: isBack ? previous : drawn(random), previous: data, previousAs: askedAs(before) };
}

function askedAs({ random, rotate }: Properties): string {
  return `${random}${typeof rotate === "string" ? ` ${rotate}` : ""}`;
}

function given(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function drawn(random: unknown): string | undefined {
  return Number.isInteger(random) ? randomText(Math.min(Number(random), 1024)) : undefined;
}

const fewestLetters = 16;

/** A new random value is long enough; an existing one keeps its length, since a longer one is another value. */
function tooShort({ random }: Properties, olds: Properties | undefined): readonly Finding[] {
  if (typeof random !== "number" || random < 8 || random >= fewestLetters) return [];
  if (olds?.random === random) return [];
  const allowed = `${fewestLetters} or more for a new secret`;
  return [{ keys: ["random"], found: `${random} random characters`, allowed, fix: "`random: 32`" }];
}
