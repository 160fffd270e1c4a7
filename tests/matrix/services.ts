import { tooNew } from "../../components/model/fields/field";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import { taskFields } from "../../components/model/service/inputs";
import { type Case, type Cases, inRound, type Round } from "./case";
import { containerCases } from "./container-cases";
import { schedulingCases } from "./scheduling-cases";
import { taskCases } from "./task-cases";

/** Fields that are written out as others before a service is made. */
type Shorthand = "only" | "gpus" | "route" | "nodeAccess";

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

/** Fields of a case that a Docker engine with the API version 1.`api` does not know, by path. */
export function newerIn(one: Case, api: number): readonly string[] {
  const { with: base, first, next, without } = one;
  const said = [base, first, next, without].flatMap((spec) => tooNew(taskFields, spec ?? {}, api));
  return [...new Set(said.map(({ keys }) => keys.join(".")))];
}

/** The cases that a Docker engine with the API version 1.`api` can have. */
export function casesAt(api: number): { readonly [service: string]: Case } {
  return Object.fromEntries(
    Object.entries(cases).filter(([, one]) => newerIn(one, api).length === 0),
  );
}

/** The services of a round, for Docker engines with the API version 1.`api`. @default all */
export function servicesIn(round: Round, api = Number.POSITIVE_INFINITY) {
  return Object.fromEntries(
    Object.entries(casesAt(api)).map(([key, one]): [string, ServiceSpec] => [
      key,
      { image: { build: "plain" }, ...inRound(one, round) },
    ]),
  );
}

/** Forms of a service that this matrix cannot bring to life, each with its reason. */
export const impossible: { readonly [form: string]: string } = {
  "mounts.*.type = npipe": "needs Windows",
  "mounts.*.bind.readOnlyForceRecursive = false": "says nothing without the other one",
  "mounts.*.bind.readOnlyForceRecursive = true":
    "its success depends on what is mounted on the node",
  "mounts.*.type = cluster": "needs a CSI driver on the nodes",
  "privileges.selinuxContext.user": "needs SELinux in this machine's kernel",
  "privileges.selinuxContext.role": "needs SELinux in this machine's kernel",
  "privileges.selinuxContext.type": "needs SELinux in this machine's kernel",
  "privileges.selinuxContext.level": "needs SELinux in this machine's kernel",
  "privileges.credentialSpec.config": "needs Windows",
  "privileges.credentialSpec.file": "needs Windows",
  "privileges.credentialSpec.registry": "needs Windows",
  "ports[].protocol = sctp": "needs SCTP in this machine's kernel",
  "run = everyUp": "has a change in every preview, as it is meant to",
  ...Object.fromEntries(
    [
      ...["route", "route.host", "route.path", "route.port", "route.entryPoint"],
      ...["route.tls = true", "route.tls = false", "route.resolver", "route.name"],
    ].map((form) => [form, "written out as labels before a service is made"]),
  ),
  gpus: "written out as a generic reservation before a service is made; local hosts have no GPU",
  "nodeAccess.*": "decides what a preview warns of, before a service is made",
  "only[]": "decides whether a service is there at all, before one is made",
};
