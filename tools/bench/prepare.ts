import { measure } from "./measure";
import type { Prepared } from "./plan";
import { must } from "./processes";
import { during } from "./progress";
import { stepsOf } from "./steps";
import { benchStack, Ours } from "./subjects/ours";

/** Brings one small environment up and down; it does not count. */
export async function prepare(): Promise<Prepared> {
  const ours = new Ours({ services: 1, nodes: 1 });
  try {
    return await during("building images", async () => {
      const [first] = stepsOf({ services: 1, nodes: 1 });
      if (first === undefined) throw new Error("There are no steps.");
      const { status, output } = await measure(ours.command(first));
      if (status !== 0) throw new Error(`The small environment does not come up.\n${output}`);
      return {
        images: {
          node: await newest("swarmyard/node"),
          registry: await newest("swarmyard/registry"),
          app: await newest(`127.0.0.1:*/${benchStack}/bench/app`),
        },
        daemon: await docker("exec", ours.manager, "cat", "/etc/docker/daemon.json"),
        missingCapabilities:
          JSON.parse(
            await docker("inspect", "--format", "{{json .HostConfig.CapDrop}}", ours.manager),
          ) ?? [],
        pulumi: await ours.pulumi(),
      };
    });
  } finally {
    await ours.close();
  }
}

function docker(...args: readonly string[]): Promise<string> {
  return must(`docker ${args[0]}`, { command: "docker", args });
}

async function newest(repository: string): Promise<string> {
  const format = "{{.Repository}}:{{.Tag}}";
  const filter = `reference=${repository}`;
  const [first] = (await docker("images", "--filter", filter, "--format", format)).split("\n");
  if (!first) throw new Error(`There is no image ${repository}.`);
  return first;
}
