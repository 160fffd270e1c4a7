import type { ServiceSpec } from "../../model/platform/service-spec";
import type { About, Keys, Problem } from "../../model/problem";
import { serviceProblems } from "../../model/service/problems";
import type { Failure } from "../../model/values";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";
import { realName } from "./names";
import { followsEnvironment } from "./ports";

/** What the provider would refuse in a service, said before anything is made. */
export const checkServices: Check = ({ drafts }) =>
  drafts.flatMap((draft) =>
    Object.entries(draft.spec.services).flatMap(([key, spec]) =>
      serviceProblems(providerInputs(draft, key, spec))
        .filter(({ property }) => !saidOnce(draft, key, property))
        .map((failure) => serviceProblem(draft, key, failure)),
    ),
  );

/** A mode that the environment chose is reported once, where the environment says it. */
function saidOnce(draft: Draft, service: string, property: string): boolean {
  const index = /^ports\[(\d+)\]\.mode$/.exec(property)?.[1];
  return index !== undefined && followsEnvironment(draft, service, Number(index));
}

/** The inputs that the provider gets, except that keys of the platform stand for names that are not known yet. */
function providerInputs(draft: Draft, key: string, spec: ServiceSpec) {
  const { dependsOn: _, image, networks = {}, ...same } = spec;
  const attachments = Object.entries(networks).map(([network, attachment]) => {
    const own = draft.spec.networks?.[network]?.name;
    return [network, { ...attachment, name: realName(draft.name, network, own) }];
  });
  return {
    ...same,
    name: realName(draft.name, key),
    // An image that is built gets its reference later, which is right by construction.
    image: typeof image === "string" ? image : "built:later",
    networks: Object.fromEntries(attachments),
  };
}

function serviceProblem(draft: Draft, key: string, { property, reason }: Failure): Problem {
  const about = partsOf(reason);
  if (property === "name") return platformProblem(draft, ["services", key], about);
  return platformProblem(draft, ["services", key, ...keysOf(property)], about);
}

/** Reads a path such as `mounts["/data"].source` or `ports[0].mode` back into its keys. */
export function keysOf(path: string): Keys {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(
    ([, index, quoted, name]) => {
      if (index !== undefined) return Number(index);
      return quoted === undefined ? (name ?? "") : (JSON.parse(quoted) as string);
    },
  );
}

/** Splits a reason of the provider (`is x; allowed is y; type z`) into its parts. */
function partsOf(reason: string): About {
  const [first = "", ...rest] = reason.split("; ");
  const is = (pattern: RegExp) => rest.find((part) => pattern.test(part))?.replace(pattern, "");
  const advice = /^(type |leave it out|remove )/;
  const fix = rest.find((part) => advice.test(part))?.replace(/^type /, "");
  const other = rest.filter((part) => !advice.test(part) && !/^allowed/.test(part));
  const allowed = is(/^allowed(: | is | are )/) ?? "what Docker accepts";
  return {
    found: [first.replace(/^is /, ""), ...other].join("; "),
    allowed,
    fix: fix ?? allowed,
  };
}
