import { Failure } from "../setup/failure";
import { must } from "../setup/processes";
import type { Progress } from "../setup/progress";
import { measure } from "./measure";
import type { Images } from "./plan";
import { stepsOf } from "./steps";
import { benchStack, Ours } from "./subjects/ours";

/** Builds every image by one small environment that is made and removed; nothing of it is counted. */
export async function prepareImages(progress: Progress): Promise<Images> {
  const size = { services: 1, nodes: 1 };
  const ours = new Ours(size);
  try {
    await progress.during("building images", async () => {
      const step = stepsOf(size)[0];
      const { status, output } = await measure(ours.command(step as NonNullable<typeof step>));
      if (status !== 0) throw new Failure("The images for the benchmark cannot be built.", output);
    });
  } finally {
    await ours.close();
  }
  return {
    node: await newest("swarmyard/node"),
    registry: await newest("swarmyard/registry"),
    app: await newest(`127.0.0.1:*/${benchStack}/bench/app`),
  };
}

async function newest(repository: string): Promise<string> {
  const args = [
    "images",
    "--filter",
    `reference=${repository}`,
    "--format",
    "{{.Repository}}:{{.Tag}}",
  ];
  const text = await must("Listing images", "docker", args);
  const [first] = text.split("\n");
  if (!first) throw new Failure(`There is no image ${repository}.`);
  return first;
}
