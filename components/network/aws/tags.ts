import * as pulumi from "@pulumi/pulumi";
import type { AwsSettings } from "../../config/environment/aws";
import type { Environment } from "../../config/environment/environment";
import { STACK_LABEL } from "../../model/ownership";

/** Tags by key. */
export type Tags = { readonly [key: string]: string };

/** Tags of everything that a stack has on AWS: they identify leftovers. */
export function stackTags({ tags }: Pick<AwsSettings, "tags">): Tags {
  return {
    ...tags,
    [STACK_LABEL]: `${pulumi.getProject()}/${pulumi.getStack()}`,
  };
}

/** Name of something that belongs to an environment as a whole: `<prefix>-<env>-<what>`. */
export function awsName(
  environment: Pick<Environment, "prefix" | "name">,
  ...what: readonly string[]
): string {
  return [environment.prefix, environment.name, ...what].join("-");
}

/** The tag that AWS's console shows as the name. */
export function awsTags(
  environment: Pick<Environment, "prefix" | "name">,
  ...what: readonly string[]
): Tags {
  return { Name: awsName(environment, ...what) };
}
