import { shellWords } from "../text/shell-words";
import { changed, itemsOf, listNode, mapOf, member, type Node, scalar, withTag } from "../tree";
import { withoutNamespace } from "./labels";
import {
  both,
  each,
  texts as filledTexts,
  hostAddresses,
  named,
  pairs,
  several,
  under,
} from "./lists";
import { absolute, type LongForm } from "./place";
import { ports } from "./ports";
import { volume } from "./volumes";

/** A path that starts at the file's folder. */
export const path: LongForm = (node, place) =>
  node.kind === "scalar" && node.value !== null
    ? withTag(scalar(absolute(node.text, place), node.at), node.tag)
    : node;

/** The long forms of some keys of a map. */
export function inside(forms: { readonly [key: string]: LongForm }): LongForm {
  return (node, place, keys) =>
    node.kind === "map"
      ? changed(node, (value, key) => forms[key]?.(value, place, [...keys, key]) ?? value)
      : node;
}

/** The same form for every key of a map. */
export function members(form: LongForm): LongForm {
  return (node, place, keys) =>
    node.kind === "map" ? changed(node, (value, key) => form(value, place, [...keys, key])) : node;
}

const command: LongForm = (node, { findings }, keys) => {
  if (node.kind !== "scalar" || node.value === null) return node;
  const words = shellWords(node.text);
  if (words === undefined) {
    findings.wrong(node.at, keys, {
      found: "a quote that is not closed",
      allowed: "text that a shell can split, or a list",
      fix: "the missing quote, or a list such as `[sh, -c, …]`",
    });
  }
  const items = (words ?? []).map((word) => scalar(word, node.at));
  return withTag(listNode(items, node.at), node.tag);
};

const test: LongForm = (node) =>
  node.kind === "scalar" && node.value !== null
    ? listNode([scalar("CMD-SHELL", node.at), scalar(node.text, node.at)], node.at)
    : node;

const limit: LongForm = (node) =>
  node.kind === "scalar" && node.value !== null
    ? mapOf({ soft: node, hard: node }, node.at, node.tag)
    : node;

const started = named((item) => mapOf({ condition: scalar("service_started", item.at) }, item.at));
const texts = both(pairs(/=/, ""), filledTexts);
const labels = both(texts, withoutNamespace);
/** `default`, a list, or a map of id to key. */
const ssh: LongForm = (node, place, keys) =>
  node.kind === "map"
    ? listNode(
        [...node.entries].map(([id, { at, value }]) =>
          scalar(value.kind === "scalar" && value.value !== null ? `${id}=${value.text}` : id, at),
        ),
        node.at,
      )
    : several(node, place, keys);
const context: LongForm = (node, place, keys) =>
  node.kind === "scalar" &&
  /^(?:https?:|git@|git:|ssh:|github\.com\/|service:|docker-image:|oci-layout:|target:)/.test(
    node.text,
  )
    ? node
    : path(node, place, keys);

/** `gpus: all`, or a list of devices. */
const gpus: LongForm = (node) =>
  node.kind === "scalar" && node.value !== null
    ? listNode([mapOf({ count: node }, node.at)], node.at)
    : node;

const build = both(
  under("context"),
  inside({
    context,
    args: pairs(/=/, null),
    labels: texts,
    extra_hosts: hostAddresses,
    tags: several,
    secrets: each(under("source")),
    additional_contexts: both(pairs(/=/, ""), members(context)),
    cache_from: several,
    cache_to: several,
    entitlements: several,
    platforms: several,
    ssh,
    ulimits: members(limit),
  }),
);

const service = inside({
  "x-route": under("host"),
  build,
  command,
  entrypoint: command,
  configs: each(under("source")),
  secrets: each(under("source")),
  depends_on: started,
  deploy: inside({ labels }),
  dns: several,
  dns_search: several,
  dns_opt: several,
  env_file: both(several, each(both(under("path"), inside({ path })))),
  label_file: both(several, each(path)),
  environment: pairs(/=/, null),
  extends: both(under("service"), inside({ file: path })),
  extra_hosts: hostAddresses,
  gpus,
  healthcheck: inside({ test }),
  labels,
  logging: inside({ options: filledTexts }),
  annotations: texts,
  // A name alone says nothing, so that the aliases of an earlier file stay.
  networks: named((item) => scalar(null, item.at)),
  ports,
  sysctls: texts,
  tmpfs: several,
  ulimits: members(limit),
  volumes: each(volume),
});

/** `external: { name }` is the old way to write `external: true` and `name`. */
const external: LongForm = (node, { findings }, keys) => {
  const stated = member(node, "external");
  if (node.kind !== "map" || stated?.kind !== "map") return node;
  const name = member(stated, "name");
  const other = member(node, "name");
  if (name !== undefined && other !== undefined) {
    findings.wrong(name.at, [...keys, "external", "name"], {
      found: "`name` beside `external.name`, which Docker refuses",
      allowed: "one name",
      fix: "`external: true`, and `name`",
    });
  }
  const entries = changed(node, (value, key) =>
    key === "external" ? scalar(true, value.at) : value,
  );
  return name === undefined
    ? entries
    : mapOf(
        {
          ...Object.fromEntries([...entries.entries].map(([key, { value }]) => [key, value])),
          name,
        },
        node.at,
        node.tag,
      );
};

const file = members(both(external, inside({ file: path, labels })));

/** Writes a whole file out in long forms. */
export const longForm = inside({
  services: members(service),
  networks: members(both(external, inside({ labels }))),
  volumes: members(both(external, inside({ labels }))),
  secrets: file,
  configs: file,
  include: both(
    several,
    each(
      both(
        under("path"),
        inside({
          path: both(several, each(path)),
          env_file: both(several, each(path)),
          project_directory: path,
        }),
      ),
    ),
  ),
});

/** Values of a list in text. */
export function textsOf(node: Node | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => (item.kind === "scalar" ? item.text : []));
}
