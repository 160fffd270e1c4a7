import { readEnvironment } from "../components/config/read-environment";
import { mapValues } from "../components/model/merge";
import type { PlatformPlan } from "../components/model/platform/plan";
import type { PlatformSource } from "../components/model/platform/source";
import type { PlatformSpec } from "../components/model/platform/spec";
import { formatProblems } from "../components/model/problem";

/** A source that is fine and knows no lines. */
export function sourceOf(spec: object): PlatformSource {
  return { spec, problems: [], warnings: [], lineOf: () => undefined };
}

/** A small environment with one platform, without what is only checked and not planned. */
const values = {
  hosts: { groups: { m: { role: "manager" }, w: { labels: ["web"] } } },
  swarm: { discovery: "dnsrr", publish: "host" },
};

/** The plan of a platform, as the program gets it from config. */
export function planned(
  name: string,
  spec: Partial<PlatformSpec>,
  settings: object = {},
): PlatformPlan {
  const plan = plannedTogether({ [name]: spec }, settings)[name];
  if (plan === undefined) throw new Error(`platform ${name} is not planned`);
  return plan;
}

/** The plans of platforms of one environment, by name. */
export function plannedTogether(
  specs: { readonly [name: string]: Partial<PlatformSpec> },
  settings: object = {},
): { readonly [name: string]: PlatformPlan } {
  const file = { ...values, platforms: mapValues(specs, () => ({})), ...settings };
  const { environment, problems } = readEnvironment("test", file, ({ name }) =>
    sourceOf({ folder: "/", services: {}, ...specs[name] }),
  );
  if (environment === undefined) throw new Error(formatProblems("test", problems));
  return Object.fromEntries(environment.platforms.map(({ name, plan }) => [name, plan]));
}
