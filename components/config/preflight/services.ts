import type { ServicePlan } from "../../model/platform/plan";
import type { Keys, Problem } from "../../model/problem";
import { serviceProblems } from "../../model/service/problems";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Flight } from "./flight";
import { followsEnvironment } from "./ports";

/** What the provider would reject in a service, reported before anything is created. */
export const checkServices = ({ drafts }: Pick<Flight, "drafts">): readonly Problem[] =>
  drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([key, plan]) =>
      serviceProblems(providerInputs(plan))
        .filter(({ keys }) => !isLater(plan, keys) && !saidOnce(draft, key, keys))
        .map(({ keys, ...about }) => {
          // The name comes from the service's key.
          if (keys[0] === "name") return unusableName(draft, key, plan.name, about.allowed);
          return platformProblem(draft, ["services", key, ...keys], about);
        }),
    ),
  );

/** Letters of a service's name. */
const LONGEST = 63;

function unusableName(draft: Draft, key: string, name: string, allowed: string): Problem {
  const { length } = name;
  const plain = key.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[-_]+|[-_]+$/g, "");
  const tooLong = length > LONGEST;
  const found = `the real name ${JSON.stringify(name)}${tooLong ? `, which has ${length} letters` : ""}`;
  const fix = tooLong || plain === "" ? "a shorter key" : `\`${plain}\` as its key`;
  return platformProblem(draft, ["services", key], { found, allowed, fix });
}

/** The reference of an image that is built is known later, and right by construction. */
function isLater({ image }: ServicePlan, [field]: Keys): boolean {
  return image.kind === "built" && field === "image";
}

/** A mode that the environment chose is reported once, where it is set. */
function saidOnce(draft: Draft, service: string, [field, index, part]: Keys): boolean {
  const mode = field === "ports" && part === "mode" && typeof index === "number";
  return mode && followsEnvironment(draft, service, index);
}

/** The inputs that the provider gets, as far as they are known. */
function providerInputs({ dependsOn: _, image, ...same }: ServicePlan) {
  return { ...same, image: image.kind === "reference" ? image.reference : undefined };
}
