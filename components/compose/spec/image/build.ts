import { posix } from "node:path";
import { type BuildSecret, isContextFolder } from "../../../model/platform/build";
import type { ImageBuild } from "../../../model/platform/spec";
import type { Keys } from "../../../model/problem";
import { entriesOf, itemsOf, member, type Node } from "../../tree";
import { sourceOf } from "../contents";
import type { Context } from "../context";
import { hostsOf } from "../networks";
import { declares, undeclared } from "../references";
import { ulimitsOf } from "../ulimits";
import { filled, given } from "../values";

/** How the image of a service is built; undefined when it cannot be. */
export function buildOf(
  node: Node,
  image: string | undefined,
  keys: Keys,
  context: Context,
): ImageBuild | undefined {
  const { values, request } = context;
  const folder = values.text(member(node, "context"), [...keys, "context"]) ?? request.folder;
  const at = (key: string) => [member(node, key), [...keys, key]] as const;
  const dockerfile = values.text(...at("dockerfile"));
  const dockerfileText = values.name(...at("dockerfile_inline"));
  const file = posix.resolve(folder, dockerfile ?? "Dockerfile");
  if (!isBuildable(folder, file, dockerfileText !== undefined, context)) {
    notBuilt(node, { folder, file, image, keys }, context);
    return undefined;
  }
  if (dockerfile !== undefined && dockerfileText !== undefined) bothFiles(node, keys, context);
  return given({
    context: posix.relative(request.folder, folder) || ".",
    dockerfile: dockerfileText === undefined ? dockerfile : undefined,
    dockerfileText,
    args: argsOf(node, keys, context),
    target: values.text(...at("target")),
    labels: filled(values.map(...at("labels")) ?? {}),
    network: values.name(...at("network")),
    extraHosts: hostsOf(...at("extra_hosts"), context),
    shmSize: values.size(...at("shm_size")),
    ulimits: ulimitsOf(node, keys, context),
    noCache: values.flag(...at("no_cache")),
    pull: values.flag(...at("pull")),
    secrets: secretsOf(node, keys, context),
    ssh: values.words(...at("ssh")),
    contexts: contextsOf(node, keys, context),
    platforms: values.words(...at("platforms")),
    entitlements: entitlementsOf(node, keys, context),
    cacheFrom: values.words(...at("cache_from")),
    cacheTo: values.words(...at("cache_to")),
  });
}

/** A privileged build is one that may run steps with `--security=insecure`. */
function entitlementsOf(node: Node, keys: Keys, { values }: Context): ImageBuild["entitlements"] {
  const stated = values.words(member(node, "entitlements"), [...keys, "entitlements"]) ?? [];
  const isPrivileged = values.flag(member(node, "privileged"), [...keys, "privileged"]) === true;
  const all = new Set([...stated, ...(isPrivileged ? ["security.insecure"] : [])]);
  return all.size === 0 ? undefined : [...all];
}

/** Secrets of the file that only builds use: the swarm gets none of them. */
export function onlyForBuilds({ root }: Context): ReadonlySet<string> {
  const services = entriesOf(member(root, "services")).map(([, { value }]) => value);
  const named = (nodes: readonly (Node | undefined)[]) =>
    nodes.flatMap((node) =>
      itemsOf(member(node, "secrets")).flatMap((item) => {
        const source = member(item, "source");
        return source?.kind === "scalar" ? source.text : [];
      }),
    );
  const used = new Set(named(services));
  const built = named(services.map((service) => member(service, "build")));
  return new Set(built.filter((key) => !used.has(key)));
}

function isBuildable(
  folder: string,
  file: string,
  hasText: boolean,
  { request }: Context,
): boolean {
  return folder.startsWith("/") && (hasText || request.read(file) !== undefined);
}

interface Unbuilt {
  readonly folder: string;
  readonly file: string;
  readonly image: string | undefined;
  readonly keys: Keys;
}

function notBuilt(node: Node, { folder, file, image, keys }: Unbuilt, { findings }: Context): void {
  const here = folder.startsWith("/");
  const found = here
    ? `a build whose Dockerfile ${file} cannot be read`
    : `a build from ${folder}, which is not a folder of this machine`;
  const about = { found, allowed: "a folder of this machine with a Dockerfile" };
  const instead = here ? `make ${file}` : "a folder with its files";
  if (image === undefined) {
    findings.wrong(node.at, keys, { ...about, fix: `\`image\`, or ${instead}` });
  } else {
    const fix = `remove \`build\`; until then ${image} is used as it is`;
    findings.warn(node.at, keys, { ...about, fix });
  }
}

function bothFiles(node: Node, keys: Keys, { findings }: Context): void {
  findings.wrong(node.at, keys, {
    found: "both `dockerfile` and `dockerfile_inline`",
    allowed: "one of them",
    fix: "remove one of them",
  });
}

function argsOf(node: Node, keys: Keys, { values, lookup }: Context): ImageBuild["args"] {
  const args = entriesOf(member(node, "args")).flatMap(([key, { value }]) => {
    const text = values.text(value, [...keys, "args", key]) ?? lookup(key);
    return text === undefined ? [] : [[key, text] as const];
  });
  return filled(Object.fromEntries(args));
}

function contextsOf(node: Node, keys: Keys, { values, request, findings }: Context) {
  const where = [...keys, "additional_contexts"];
  const stated = entriesOf(member(node, "additional_contexts")).flatMap(([name, { value }]) => {
    const place = values.text(value, [...where, name]);
    if (place === undefined) return [];
    if (place.startsWith("service:")) {
      findings.impossible(value.at, [...where, name], {
        found: `${place}, the image of another service; images here are built on their own`,
        allowed: "a folder or an address",
        fix: "a stage of one Dockerfile for both, named with `target`",
      });
      return [];
    }
    const known = isContextFolder(place) ? posix.relative(request.folder, place) || "." : place;
    return [[name, known] as const];
  });
  return filled(Object.fromEntries(stated));
}

/** What the build gets of the secrets at the top of the file. */
function secretsOf(node: Node, keys: Keys, context: Context): ImageBuild["secrets"] {
  const { values, root, findings } = context;
  const all = itemsOf(member(node, "secrets")).flatMap((item, index) => {
    const where = [...keys, "secrets", index];
    const source = values.text(member(item, "source"), [...where, "source"]);
    if (source === undefined) {
      values.wrong(item, where, "the key of one of `secrets`", "`source: <key>`");
      return [];
    }
    if (!declares(context, "secrets", source)) {
      undeclared(item.at, where, source, "secrets", context);
      return [];
    }
    const id = values.text(member(item, "target"), [...where, "target"]) ?? source;
    const stated = member(member(root, "secrets"), source);
    const isExternal =
      stated !== undefined && values.flag(member(stated, "external"), [...where]) === true;
    if (isExternal || stated === undefined) {
      findings.wrong(item.at, where, {
        found: `the external secret ${source}; a swarm never gives the content of a secret back`,
        allowed: "a secret with `file` or `environment`",
        fix: `\`environment: <NAME>\` for the secret ${source}, and \`npm run secret -- set <NAME>\``,
      });
      return [];
    }
    const secret: BuildSecret | undefined = sourceOf(stated, ["secrets", source], context);
    return secret === undefined ? [] : [[id, secret] as const];
  });
  return filled(Object.fromEntries(all));
}
