import { parse } from "yaml";

/** What a workflow's expressions stand for, such as `vars.AWS_REGION`. */
export type Context = { readonly [expression: string]: string };

/** Variables and the command of a workflow. */
export interface WorkflowStep {
  readonly env: { readonly [name: string]: string };
  readonly run: string;
}

interface Step {
  readonly run?: string;
  readonly env?: { readonly [name: string]: string };
}

interface Job extends Step {
  readonly steps?: readonly Step[];
}

/**
 * The last step of a workflow's file that runs a command, as GitHub's runner would start it: what a
 * context does not have is empty text. Pure.
 */
export function stepOf(text: string, context: Context): WorkflowStep {
  const jobs = Object.values(parse(text).jobs as { readonly [name: string]: Job });
  // A job that uses another workflow has no steps.
  const { env = {}, steps } = jobs.find((job) => job.steps !== undefined) ?? {};
  // The steps before it install packages, which are here already.
  const step = steps?.findLast(({ run }) => run !== undefined);
  if (step?.run === undefined) throw new Error("the workflow runs no command");
  const filled = (value: string) =>
    value.replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => context[name] ?? "");
  const variables = Object.entries({ ...env, ...step.env });
  return {
    env: Object.fromEntries(variables.map(([name, value]) => [name, filled(value)])),
    run: filled(step.run),
  };
}
