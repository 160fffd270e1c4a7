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
          const place = keys[0] === "name" ? [] : keys;
          return platformProblem(draft, ["services", key, ...place], about);
        }),
    ),
  );

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
