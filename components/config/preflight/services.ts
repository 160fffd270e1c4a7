import type { ServiceSpec } from "../../model/platform/service-spec";
import type { Keys } from "../../model/problem";
import { serviceProblems } from "../../model/service/problems";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check } from "./flight";
import { realName } from "./names";
import { followsEnvironment } from "./ports";

/** What the provider would refuse in a service, said before anything is made. */
export const checkServices: Check = ({ drafts }) =>
  drafts.flatMap((draft) =>
    Object.entries(draft.spec.services).flatMap(([key, spec]) =>
      serviceProblems(providerInputs(draft, key, spec))
        .filter(({ keys }) => !saidOnce(draft, key, keys))
        .map(({ keys, ...about }) => {
          // The name comes from the service's key.
          const place = keys[0] === "name" ? [] : keys;
          return platformProblem(draft, ["services", key, ...place], about);
        }),
    ),
  );

/** A mode that the environment chose is reported once, where the environment says it. */
function saidOnce(draft: Draft, service: string, [field, index, part]: Keys): boolean {
  const mode = field === "ports" && part === "mode" && typeof index === "number";
  return mode && followsEnvironment(draft, service, index);
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
