import { z } from "zod";
import * as t from "../../model/fields/types";
import type { ServiceSpec } from "../../model/platform/service-spec";
import { imageReference, schedulingFields, taskFields } from "../../model/service/inputs";
import { mountSpecs } from "../../model/service/mounts";
import { attachmentSpec } from "../../model/service/ports";
import { flag, keyed, list, matching, object, oneOf, part, text, whole } from "./fields";

const host = matching(
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i,
  "a host name such as `shop.example.org`",
);
const traefikName = matching(/^[\w-]+$/, "a name of letters, digits, `-` and `_`");
const requestPath = matching(/^\/[^\s`]*$/, "a path such as `/api`");

const nodePath = matching(/^\/./, "an absolute path such as `/var/run/docker.sock`");

const route = z.union(
  [
    host,
    object({
      host,
      path: requestPath.optional(),
      port: whole(1, 65535, 8000).optional(),
      entryPoint: traefikName.optional(),
      tls: flag.optional(),
      resolver: traefikName.optional(),
      name: traefikName.optional(),
    }),
  ],
  { error: "a host name such as `shop.example.org`, or `{ host: shop.example.org, port: 8000 }`" },
);

/**
 * Schema of one service of a platform: the fields of a Service of the provider, with keys of the platform
 * instead of real names.
 */
export const serviceSchema = object({
  image: z.union([imageReference, object({ build: text() })], {
    error: "a reference such as `redis:7`, or `{ build: <key of images> }`",
  }),
  ...t.writtenOf({
    ...taskFields,
    mounts: mountSpecs,
    ...schedulingFields,
    networks: t.map(attachmentSpec, { keys: part, allowed: "a map such as `{ default: {} }`" }),
  }),
  dependsOn: z
    .union(
      [
        list(text(), "a list of services"),
        keyed(part, oneOf("started", "healthy", "completed"), "a map of services"),
      ],
      { error: "a list of services such as `[redis]`, or a map such as `{ migrate: completed }`" },
    )
    .optional(),
  only: list(
    text("the name of an environment such as `prod`"),
    "a list such as `[prod]`",
  ).optional(),
  gpus: whole(1).optional(),
  route: route.optional(),
  nodeAccess: keyed(
    nodePath,
    matching(/\S/, "the reason why the service needs it"),
    "a map of paths on the node to reasons",
  ).optional(),
}) satisfies z.ZodType<ServiceSpec>;

// In both directions, so that no field of ServiceSpec is forgotten here.
type Missing = Exclude<keyof ServiceSpec, keyof z.infer<typeof serviceSchema>>;
const complete: [Missing] extends [never] ? true : Missing = true;
void complete;
