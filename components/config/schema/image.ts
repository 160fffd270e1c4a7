import { z } from "zod";
import { writtenOf } from "../../model/fields/types";
import { suggestion } from "../../model/nearest";
import type { BuildSecret } from "../../model/platform/build";
import type { ImageBuild } from "../../model/platform/spec";
import { taskFields } from "../../model/service/inputs";
import { problemsBeyondForm } from "../../model/service/problems";
import {
  checked,
  configKey,
  flag,
  keyed,
  list,
  matching,
  object,
  size,
  text,
  texts,
} from "./fields";
import { hasOneSource } from "./one-source";

// Programs alone give the content itself, so no message offers it.
const buildSecret = object({
  file: text("a path such as `npm-token.txt`").optional(),
  config: configKey.optional(),
  value: text().optional(),
}).transform(({ file, config, value }, context): BuildSecret => {
  const own = value === undefined ? {} : { value };
  if (!hasOneSource({ file, config, ...own }, "`config: <key>`", context)) return z.NEVER;
  if (file !== undefined) return { file };
  if (config !== undefined) return { config };
  return value === undefined ? z.NEVER : { value };
});

/** As of services. */
const ulimits = writtenOf({ ulimits: taskFields.ulimits }).ulimits.superRefine((given, context) => {
  for (const { keys, found, allowed, fix } of problemsBeyondForm({ ulimits: given })) {
    const path = keys.slice(1);
    context.addIssue({ code: "custom", path, message: allowed, params: { found, fix } });
  }
});

/** What a builder lets steps do when both it and the command say so. */
const RIGHTS = ["network.host", "security.insecure"];

/** Schema of an image that is built. */
export const imageSchema = object({
  context: text("a folder in the platform's folder such as `./web`"),
  dockerfile: text("a path below the context such as `Dockerfile`").optional(),
  dockerfileText: text("the text of a Dockerfile").optional(),
  args: texts.optional(),
  target: text("a stage of the Dockerfile").optional(),
  labels: texts.optional(),
  network: text("a network of this machine's Docker engine such as `host`").optional(),
  extraHosts: texts.optional(),
  shmSize: size.optional(),
  ulimits,
  noCache: flag.optional(),
  pull: flag.optional(),
  secrets: keyed(
    matching(/^[\w.-]+$/, "an id of letters, digits, `_`, `.` and `-`"),
    buildSecret,
    "a map of id to `{ file }` or `{ config }`",
  ).optional(),
  ssh: list(text("`default`, or an id and a key such as `git=~/.ssh/id`"), "a list").optional(),
  contexts: keyed(
    text("the name of a context such as `assets`"),
    text("a folder such as `../assets`, or an address"),
    "a map of name to folder",
  ).optional(),
  platforms: list(
    matching(/^[a-z0-9]+(?:\/[a-z0-9.]+){1,2}$/, "a platform such as `linux/arm64`"),
    "a list such as `[linux/amd64, linux/arm64]`",
  ).optional(),
  entitlements: list(
    checked(
      "network.host, security.insecure, or a device such as `device=nvidia.com/gpu`",
      (one) => {
        if (RIGHTS.includes(one) || /^device(=.+)?$/.test(one)) return undefined;
        return { fix: suggestion(one, RIGHTS, "remove it") };
      },
    ),
    "a list such as `[network.host]`",
  ).optional(),
  cacheFrom: list(text("an image, or a cache such as `type=registry,ref=…`"), "a list").optional(),
  cacheTo: list(text("a cache such as `type=inline`"), "a list").optional(),
}).superRefine(({ dockerfile, dockerfileText }, context) => {
  if (dockerfile === undefined || dockerfileText === undefined) return;
  const params = { found: "both dockerfile and dockerfileText", fix: "only one of them" };
  const message = "`dockerfile` or `dockerfileText`";
  context.addIssue({ code: "custom", path: ["dockerfileText"], message, params });
}) satisfies z.ZodType<ImageBuild>;
