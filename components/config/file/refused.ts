import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { formatProblems, type Problem } from "../../model/problem";
import { environmentPath } from "./find";
import { type LocatedFile, withLines } from "./lines";
import { configFiles, NAMESPACE } from "./written";

const root = resolve(__dirname, "..", "..", "..");

/** The environment's file with the project's; undefined when it has none. */
export function filesOf(environment: string): readonly LocatedFile[] | undefined {
  const path = environmentPath(root, environment);
  return existsSync(path) ? configFiles(root, path) : undefined;
}

/** Problems of an environment with the lines of its file, where it has one. */
export function located(environment: string, problems: readonly Problem[]): readonly Problem[] {
  if (problems.length === 0) return problems;
  const files = filesOf(environment);
  return files === undefined ? problems : withLines(problems, NAMESPACE, files);
}

/** The error that ends a run because of problems in the settings, as one numbered list. */
export function refused(environment: string, problems: readonly Problem[]): pulumi.RunError {
  return new pulumi.RunError(formatProblems(environment, located(environment, problems)));
}
