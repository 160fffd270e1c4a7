import type { Given } from "../fields/field";
import { checked, durationThat, matching } from "../fields/rules";
import * as t from "../fields/types";
import { parseImage } from "../image";
import { containerFields } from "./container";
import { modeFields } from "./mode";
import { type mount, mountFields } from "./mounts";
import { placingFields } from "./placing";
import { servicePolicies, taskPolicies } from "./policies";
import { endpointFields, networkAttachment } from "./ports";

/** An image by its reference. */
export const imageReference = checked("a reference such as `redis:7`", (value) => {
  const parsed = parseImage(value);
  return "wrong" in parsed
    ? { ...parsed, found: `${JSON.stringify(value)}, which ${parsed.wrong}` }
    : undefined;
});

/** What runs in each task, in Docker's own words. Anything with a key is a map, so that a diff names it. */
export const taskFields = {
  ...containerFields,
  ...mountFields,
  ...placingFields,
  ...taskPolicies,
  /** Changing this number restarts all tasks. @default 0 */
  forceUpdate: t.count(),
};

/** Mode, ports and policies of a service. */
export const schedulingFields = {
  ...modeFields,
  /** Labels of the service (what Traefik reads). @default none @example { traefik.enable: "true" } */
  labels: t.texts(),
  ...endpointFields,
  ...servicePolicies,
};

/** The inputs of a Service resource of the provider; every name is the real one on the swarm. */
export const serviceFields = {
  /** Name on the swarm. @example yard_web */
  name: t
    .text(
      matching(
        /^(?=.{1,63}$)[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/,
        "up to 63 letters, digits, - and _, with a letter or digit at both ends",
      ),
    )
    .required(),
  /** `repository:tag`, with or without a digest. A tag alone is pinned to its digest at create and update. @example redis:7 */
  image: t.trimmed(imageReference).required(),
  ...taskFields,
  /** Attachments by a key of your choice. @default none */
  networks: t.map(networkAttachment),
  ...schedulingFields,
  /** Waits until all tasks run before the resource counts as created (when another one depends on it). @default false */
  wait: t.flag(),
  /** What that wait waits for: `running` is also healthy, and of a job done; `started` is that containers have started. @default running */
  waitFor: t.oneOf("running", "started").unless("running"),
  /** How long that wait may take. @default 5m */
  timeout: t.duration(durationThat((ns) => ns > 0, ", longer than 0s")).unless("5m"),
};

export type TaskInputs = Given<typeof taskFields>;
export type SchedulingInputs = Given<typeof schedulingFields>;
export type ServiceInputs = Given<typeof serviceFields>;
export type Mount = (typeof mount)["type"];
export type NetworkAttachment = (typeof networkAttachment)["type"];
export type FileReference = NonNullable<TaskInputs["secrets"]>[string];
export type Port = NonNullable<SchedulingInputs["ports"]>[number];
