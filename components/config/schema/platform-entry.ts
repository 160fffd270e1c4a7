import { z } from "zod";
import type { About } from "../../model/problem";
import { checked, flag, list, matching, object, text, texts } from "./fields";

/** A longer address is a mistake. */
const LONGEST_ADDRESS = 2000;
// What is before the @ of HTTP is a login, and a token looks like a user; a query can hold one as well.
const WITH_LOGIN = /^(?:https?:\/\/[^/?#\\]*@|https?:\/\/[^?]*\?|\w+:\/\/[^/]*?(?::|%3a)[^/@]*@)/i;
const ADDRESS = /^(?:(?:https?|ssh|git|file):\/\/|[\w.-]+@[\w.-]+:|\/)[^\s]+$/;

/** What is wrong with the address of a repository. A login in it is never shown: git and errors would have it. */
function wrongAddress(value: string): Partial<About> | undefined {
  if (value.length > LONGEST_ADDRESS) return { found: `${value.length} characters` };
  if (WITH_LOGIN.test(value)) {
    const fix =
      "the address alone; git finds the login (`git config credential.helper`), or use ssh";
    return { found: "an address with a login in it", fix };
  }
  return ADDRESS.test(value) ? undefined : {};
}

const source = object({
  /** Address of the repository. @example https://example.org/shop.git */
  git: checked(
    "the address of a git repository, without a login, such as `https://example.org/shop.git`",
    wrongAddress,
  ).optional(),
  /** The full commit. @example 6f1893a0c2f5b9d6a1e8d3c7b4a09f2e5d6c7b8a */
  ref: matching(
    /^[0-9a-f]{40}$/,
    "the 40 hex digits of a commit: names of branches and tags can move",
  ).optional(),
  /** Folder in the repository. @default the repository itself @example deploy */
  path: matching(
    // Without a line break, behind which `..` would pass.
    /^(?!(.*\/)?\.\.(\/|$))(?!\/).+$/,
    "a folder in the repository such as `deploy`, without `..`",
  ).optional(),
  /** A local checkout to use instead of the commit, relative to the environment file. @default none @example ../shop */
  checkout: text("a folder such as `../shop`").optional(),
}).check(({ value, issues }) => {
  if (value.checkout !== undefined) return;
  for (const key of ["git", "ref"] as const) {
    if (value[key] !== undefined) continue;
    issues.push({
      code: "custom",
      input: value,
      path: [key],
      message: "`git` with `ref`, or `checkout`",
      params: { found: "nothing", fix: key === "git" ? "`git: <address>`" : "`ref: <commit>`" },
    });
  }
});

const change = z.record(z.string(), z.unknown(), { error: "a map" }).nullable().optional();

/** One platform of an environment file. Only the shape: the platform's own schema checks the result of the changes. */
export const platformEntry = object({
  /** Folder in platforms/. @default the name of the platform @example demo */
  from: matching(/^[\w-]+$/, "the name of a folder in platforms/ such as `demo`").optional(),
  /** Compose files instead of a folder, relative to the environment file; later ones over earlier ones. @default none @example [../shop/compose.yaml] */
  compose: list(text(), "a list such as `[../shop/compose.yaml]`").optional(),
  /** Compose files of a repository at one commit, instead of a folder; `compose` and `envFiles` then start from there. @default none @example { git: https://example.org/shop.git, ref: 6f1893a0c2f5b9d6a1e8d3c7b4a09f2e5d6c7b8a, path: deploy } */
  source: source.optional(),
  /** Variables for `${…}` in compose files; the shell's are not used. @default none @example { TAG: v2 } */
  variables: texts.optional(),
  /** Files with more variables for compose files, relative to the environment file. @default none @example [../shop/.env] */
  envFiles: list(text(), "a list such as `[../shop/.env]`").optional(),
  /** Profiles of compose files whose services run too. @default none @example [debug] */
  profiles: list(text(), "a list such as `[debug]`").optional(),
  /** What swarm cannot do in compose files becomes a warning. @default false */
  lenient: flag.optional(),
  /** Fills in variables in keys of compose files too, as envsubst does. @default false */
  variablesInKeys: flag.optional(),
  /** Changes of images; null removes one. @default none */
  images: change,
  /** Changes of networks. @default none */
  networks: change,
  /** Changes of volumes. @default none */
  volumes: change,
  /** Changes of secrets. @default none */
  secrets: change,
  /** Changes of configs. @default none */
  configs: change,
  /** Changes of services. @default none @example { web: { replicas: 3 } } */
  services: change,
  /** Changes of directories of the nodes. @default none */
  directories: change,
  /** Changes of the services that its programs create. @default none @example { blue.agent: default. } */
  creates: change,
  /** Changes of the rollout. @default none */
  rollout: change,
  /** Changes of the address that `up` prints last. @default none */
  open: change,
});
