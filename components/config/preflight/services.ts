import type { ServicePlan } from "../../model/platform/plan";
import type { About, Keys, Problem } from "../../model/problem";
import { serviceProblems } from "../../model/service/problems";
import type { Failure } from "../../model/values";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";
import { followsEnvironment } from "./ports";

/** What the provider would refuse in a service, said before anything is made. */
export const checkServices: Check = ({ drafts }) =>
  drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([key, plan]) =>
      serviceProblems(providerInputs(plan))
        .filter(({ property }) => !isLater(plan, property) && !saidOnce(draft, key, property))
        .map((failure) => serviceProblem(draft, key, failure)),
    ),
  );

/** The reference of an image that is built is known later, and right by construction. */
function isLater({ image }: ServicePlan, property: string): boolean {
  return image.kind === "built" && property === "image";
}

/** A mode that the environment chose is reported once, where the environment says it. */
function saidOnce(draft: Draft, service: string, property: string): boolean {
  const index = /^ports\[(\d+)\]\.mode$/.exec(property)?.[1];
  return index !== undefined && followsEnvironment(draft, service, Number(index));
}

/** The inputs that the provider gets, as far as they are known. */
function providerInputs({ dependsOn: _, image, ...same }: ServicePlan) {
  return { ...same, image: image.kind === "reference" ? image.reference : undefined };
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
