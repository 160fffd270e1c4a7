import { z } from "zod";
import * as t from "../../model/fields/types";
import type { ServiceSpec } from "../../model/platform/service-spec";
import { imageReference, schedulingFields, taskFields } from "../../model/service/inputs";
import { mountSpecs } from "../../model/service/mounts";
import { attachmentSpec } from "../../model/service/ports";
import { keyed, list, object, oneOf, part, text, whole } from "./fields";

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
}) satisfies z.ZodType<ServiceSpec>;

// In both directions, so that no field of ServiceSpec is forgotten here.
type Missing = Exclude<keyof ServiceSpec, keyof z.infer<typeof serviceSchema>>;
const complete: [Missing] extends [never] ? true : Missing = true;
void complete;
