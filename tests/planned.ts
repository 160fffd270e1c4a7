import { readEnvironment } from "../components/config/read-environment";
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
export function planned(name: string, spec: Partial<PlatformSpec>): PlatformPlan {
  const platforms = { [name]: {} };
  const source = sourceOf({ folder: "/", services: {}, ...spec });
  const { environment, problems } = readEnvironment("test", { ...values, platforms }, () => source);
  const [platform] = environment?.platforms ?? [];
  if (platform === undefined) throw new Error(formatProblems("test", problems));
  return platform.plan;
}
