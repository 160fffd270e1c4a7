import { isMap } from "../../../model/merge";
import { type Finding, fileProblem, type Keys } from "../../../model/problem";
import { isSecretName } from "../../../model/secret-names";
import { platformProblem } from "../../platforms/platforms";
import type { Check } from "../flight";

/** Secrets in settings that are in clear in the state and on the nodes. The values are never printed. */
export const warnSecretsInClear: Check = ({ drafts, settings, environment }) => [
  ...drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, { logging }]) =>
      secretsIn(logging?.options ?? {}, ["logging", "options"]).map(({ keys, ...about }) =>
        platformProblem(draft, ["services", service, ...keys], about),
      ),
    ),
  ),
  ...Object.keys(environment.groups).flatMap((group) =>
    secretsIn(settings.hosts.groups[group]?.daemon ?? {}, ["hosts", "groups", group, "daemon"]).map(
      ({ keys, ...about }) => fileProblem(keys, about),
    ),
  ),
];

const LOGIN = /^\w+:\/\/[^/?#]{0,500}@/;

function secretsIn(value: unknown, keys: Keys): readonly Finding[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => secretsIn(one, [...keys, at]));
  if (isMap(value)) {
    return Object.entries(value).flatMap(([key, one]) => secretsIn(one, [...keys, key]));
  }
  if (typeof value !== "string" || value === "") return [];
  const what = isSecretName(String(keys.at(-1)))
    ? "a secret"
    : LOGIN.test(value)
      ? "an address with a login"
      : undefined;
  if (what === undefined) return [];
  const found = `${what}, which is in clear in the state, in previews and on the nodes`;
  const fix = "a collector on the nodes that has the secret, or a file that the nodes have";
  return [{ keys, found, allowed: "settings without a secret", fix }];
}
