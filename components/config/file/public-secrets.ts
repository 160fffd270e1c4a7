import { existsSync } from "node:fs";
import { isMap } from "../../model/merge";
import { fileProblem, type Problem } from "../../model/problem";
import { environmentPath } from "./find";
import type { LocatedFile } from "./lines";
import { fitsSalt, localPassphrase, secretsFile } from "./local-secrets";
import { configFiles, isCiphertext, isEncrypted, NAMESPACE, syntaxProblems } from "./written";

/**
 * Secrets that anyone who has the environment file can read, since their passphrase is in this
 * repository: ours, by their keys, and those that other packages read, such as `aws:secretKey`.
 */
export function publicSecrets(
  stack: string,
  keys: readonly string[],
  root: string,
): readonly Problem[] {
  const path = environmentPath(root, stack);
  if (!existsSync(path)) return [];
  const [own] = configFiles(root, path);
  const salt = own?.document.get("encryptionsalt");
  const others = own === undefined || syntaxProblems(own).length > 0 ? [] : othersIn(own);
  if (keys.length + others.length === 0) return [];
  if (typeof salt !== "string" || !fitsSalt(localPassphrase, salt)) return [];
  const found = "a secret under the public passphrase of local environments, which anyone can read";
  const file = secretsFile(stack);
  const remove = (key: string) => `\`pulumi config rm ${key} --stack ${stack}\``;
  const pushed = "if the value was ever pushed, replace it where it is used";
  return [
    ...keys.map((key) =>
      fileProblem([key], {
        found,
        allowed: `a secret in ${file}, which git does not track`,
        fix: `\`${key}: '<value>'\` in ${file} (chmod 600), then ${remove(`${NAMESPACE}:${key}`)}; ${pushed}`,
      }),
    ),
    ...others.map((key) => ({
      path: key,
      keys: [key],
      found,
      allowed: "what a package reads from its own files or variables, such as AWS_PROFILE",
      fix: `${remove(key)}; ${pushed}`,
    })),
  ];
}

/** Keys of other packages with something encrypted in their values. */
function othersIn({ document }: LocatedFile): readonly string[] {
  const content: unknown = document.toJS();
  const config = isMap(content) && isMap(content.config) ? content.config : {};
  return Object.entries(config)
    .filter(([key, value]) => !key.startsWith(`${NAMESPACE}:`) && holdsSecret(value))
    .map(([key]) => key);
}

function holdsSecret(value: unknown): boolean {
  if (isEncrypted(value)) return isCiphertext(value.secure);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isMap(value) && Object.values(value).some(holdsSecret);
}
