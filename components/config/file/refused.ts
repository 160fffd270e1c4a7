import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { formatProblems, type Problem } from "../../model/problem";
import { withLines } from "./lines";
import { configFiles, NAMESPACE } from "./written";

const root = resolve(__dirname, "..", "..", "..");

/** Problems of an environment with the lines of its file, where it has one. */
export function located(environment: string, problems: readonly Problem[]): readonly Problem[] {
  const path = join(root, `Pulumi.${environment}.yaml`);
  if (problems.length === 0 || !existsSync(path)) return problems;
  return withLines(problems, NAMESPACE, configFiles(root, path));
}

/** The error that ends a run because of problems in the settings, as one numbered list. */
export function refused(environment: string, problems: readonly Problem[]): pulumi.RunError {
  return new pulumi.RunError(formatProblems(environment, located(environment, problems)));
}
