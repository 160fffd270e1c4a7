import { Failure } from "../setup/failure";
import { capture, lastLines } from "../setup/processes";

/** Runs the AWS CLI in a region and reads its answer. */
export type Aws = (...args: readonly string[]) => Promise<unknown>;

/**
 * The AWS CLI: it finds credentials the same way as Pulumi's provider (profiles, single sign-on, roles of
 * workflows, `AWS_ENDPOINT_URL`), and operators have it to push to ECR and to reach nodes.
 */
export function awsCli(region: string): Aws {
  return async (...args) => {
    const all = [...args, "--region", region, "--output", "json"];
    const { status, stdout, stderr } = await capture("aws", all, {
      // Version 1 has no option for it.
      env: { ...process.env, AWS_PAGER: "" },
      timeoutMs: 120_000,
    });
    if (status === 127) {
      throw new Failure(
        "There is no command aws on this machine.",
        "Install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
      );
    }
    if (status !== 0) {
      const [service, operation] = args;
      throw new Failure(`aws ${service} ${operation} failed in ${region}.`, lastLines(stderr, 5));
    }
    return stdout.trim() === "" ? {} : JSON.parse(stdout);
  };
}
