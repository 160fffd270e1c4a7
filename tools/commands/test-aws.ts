import type { Arguments } from "../arguments";
import { ensureAwsPlugin } from "../setup/aws-plugin";
import { foldersOf } from "../setup/folders";
import type { Progress } from "../setup/progress";
import { runFiles } from "../test/files";

/**
 * Runs the files of `tests/aws`: environments on AWS, with the real provider, moto as the API,
 * and containers as machines.
 */
export async function testAws({ rest }: Arguments, progress: Progress): Promise<void> {
  const { cache } = foldersOf(process.env);
  await runFiles("aws", rest, progress, {
    problem: async ({ pulumi }) =>
      (await ensureAwsPlugin(pulumi, progress, cache)) ?? machineProblem(),
    // The laboratory's machines and registry.
    needed: ["debian-12"],
  });
}

/** Machines are reached at their addresses in a network of this machine's Docker engine, and ECR under a name of ours. */
function machineProblem(): string | undefined {
  if (process.platform === "linux" && process.getuid?.() === 0) return undefined;
  return "the laboratory needs Linux with its own Docker engine, and root";
}
