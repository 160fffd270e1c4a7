import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Environment } from "../../components/config/environment/environment";
import type { Arguments } from "../arguments";
import { awsCli } from "../aws/cli";
import { builtRepositories, findingsOf, GRAVE, type ImageFindings } from "../aws/findings";
import { unpinnedBases } from "../report/base-images";
import { renderTable } from "../report/table";
import { Failure } from "../setup/failure";
import type { Progress } from "../setup/progress";
import { statedEnvironment } from "../setup/stated-environment";

/** Reports what ECR found in the images of an environment; fails when anything critical or high is in them. */
export async function scan({ stack }: Arguments, progress: Progress): Promise<void> {
  const environment = await statedEnvironment(stack);
  const { aws, registry } = environment;
  if (aws === undefined || registry.kind !== "ecr") {
    throw new Failure(`${stack} pushes no images to ECR, which is what scans them.`);
  }
  const repositories = builtRepositories(environment);
  const found = await progress.during(`asking ECR about the images of ${stack}`, () =>
    findingsOf(awsCli(aws.region), repositories),
  );
  for (const line of [...findingLines(found), ...baseLines(environment)]) progress.line(line);
  const grave = found.flatMap((one) => one.grave);
  if (grave.length > 0) {
    throw new Failure(
      `${grave.length} findings are critical or high.`,
      "Take a newer base image in the Dockerfile (FROM <image>@sha256:<digest>), then run up: what changed is built and pushed again.",
    );
  }
}

/** A table of the images, and the grave findings of each. Pure. */
export function findingLines(found: readonly ImageFindings[]): readonly string[] {
  const rows = found.map(({ repository, digest, pushed, counts }) => [
    repository,
    pushed?.slice(0, 10) ?? "never",
    ...(counts === undefined
      ? [digest === undefined ? "" : "not scanned yet"]
      : [...GRAVE, "MEDIUM", "LOW"].map((severity) => String(counts[severity] ?? 0))),
  ]);
  const grave = found.flatMap(({ repository, grave }) =>
    grave.map((finding) => `${repository}: ${finding}`),
  );
  return [...renderTable(["IMAGE", "PUSHED", ...GRAVE, "MEDIUM", "LOW"], rows), ...grave];
}

function baseLines({ platforms }: Environment): readonly string[] {
  return platforms.flatMap(({ name, plan }) =>
    Object.entries(plan.images).flatMap(([image, { context, dockerfile = "Dockerfile" }]) =>
      unpinnedBases(readFileSync(resolve(plan.folder, context, dockerfile), "utf8")).map(
        (base) =>
          `${name}/${image} is built from ${base}, a tag without a digest: it changes unseen.`,
      ),
    ),
  );
}
