import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readLocalSecrets } from "./file/local-secrets";

const root = resolve(__dirname, "..", "..");

/**
 * The value of a secret that the environment names: of Pulumi config, or of the file of secrets
 * that a local environment has.
 *
 * @throws Error when neither has it
 * @example
 * secretValue("apiToken");
 */
export function secretValue(key: string): pulumi.Output<string> {
  const config = new pulumi.Config();
  const { [key]: own } = readLocalSecrets(root, pulumi.getStack()).values;
  const set = config.getSecret(key);
  if (set !== undefined || own === undefined) return set ?? config.requireSecret(key);
  return pulumi.secret(own);
}
