import type { ServiceSpec } from "../../components/model/platform/service-spec";
import { type Case, type Cases, inRound, type Round } from "./case";
import { containerCases } from "./container-cases";
import { schedulingCases } from "./scheduling-cases";
import { taskCases } from "./task-cases";

/** Fields that are written out as others before a service is made. */
type Shorthand = "only" | "gpus";

/** All cases by field; the type says when one is forgotten. */
const byField: Cases<Exclude<keyof ServiceSpec, Shorthand>> = {
  ...containerCases,
  ...taskCases,
  ...schedulingCases,
};

/** All cases by the key of their service: `<field>` or `<field>-<part>`. */
export const cases: { readonly [service: string]: Case } = Object.fromEntries(
  Object.entries(byField).flatMap(([field, parts]) =>
    Object.entries(parts).map(([part, one]) => [part === "" ? field : `${field}-${part}`, one]),
  ),
);

/** The services of a round. */
export function servicesIn(round: Round): { readonly [service: string]: ServiceSpec } {
  return Object.fromEntries(
    Object.entries(cases).map(([key, one]) => [
      key,
      { image: { build: "plain" }, ...inRound(one, round) },
    ]),
  );
}

/** Forms of a service that this matrix cannot bring to life, each with its reason. */
export const impossible: { readonly [form: string]: string } = {
  "healthcheck.startInterval": "needs an engine of version 25; the local hosts have an older one",
  "rollback.failureAction = rollback": "swarm knows no rollback of a rollback",
  "ports[].protocol = sctp": "needs SCTP in this machine's kernel",
  gpus: "written out as a generic reservation before a service is made; local hosts have no GPU",
  "only[]": "decides whether a service is there at all, before one is made",
};
