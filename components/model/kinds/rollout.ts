import type { Checked } from "../fields/field";
import { matching, whole } from "../fields/rules";
import * as t from "../fields/types";

/** The wait until services run. */
export const rolloutFields = {
  /** Services to wait for, by a key of your choice. */
  services: t
    .map(
      t.record({
        /** Name on the swarm. */
        name: t.text(matching(/./, "the name of a service")).required(),
        /** The service's revision: the wait is repeated when it changes. */
        revision: t.text().required(),
      }),
      { allowed: "name and revision of each service" },
    )
    .required(),
  /** How long all of them may take together. @default 5m */
  timeout: t.duration().filled("5m"),
  /** How long tasks must stay up to count as running. @default 5s */
  steady: t.duration().filled("5s"),
  /** TCP ports, published ones or those that Traefik passes requests on to, that need not answer before the wait ends. @default all must answer @example [9229] */
  quietPorts: t.list(t.number(whole(1, 65535, 8080)), "a list of published ports"),
};

export type RolloutInputs = Checked<typeof rolloutFields>;
