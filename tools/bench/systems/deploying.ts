import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure } from "../measure";
import { type Command, lastLines, must } from "../processes";
import { during, say } from "../progress";
import { stepsOf } from "../steps";
import { benchStack } from "../subjects/ours";
import { runningTasks } from "../tasks";
import { ComposeYard, composeFile, loadVersion } from "./yard";

/** How long one command for a compose file took. */
export interface Deploying {
  readonly services: number;
  readonly step: string;
  readonly by: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** What was wrong afterwards; absent when everything was right. */
  readonly problem?: string;
}

const small = { services: 1, nodes: 4 };

/** Brings compose files of several sizes up on one swarm: with our commands, then with Docker's. */
export async function deployAll(sizes: readonly number[]): Promise<readonly Deploying[]> {
  if (sizes.length === 0) return [];
  const yard = new ComposeYard(small);
  const rows: Deploying[] = [];
  const measured = async (services: number, step: string, by: string, command: Command) => {
    const what = `${by}: ${step} of ${services} services`;
    const { status, output, seconds, cpuSeconds } = await during(what, () => measure(command));
    const failed = status === 0 ? undefined : lastLines(output, 6).replaceAll("\n", " ");
    const problem = failed ?? (await shortfall(yard, step === "preview" ? 0 : services));
    rows.push({ services, step, by, seconds, cpuSeconds, ...(problem ? { problem } : {}) });
    say(`${what}: ${problem ?? `${seconds.toFixed(1)} s`}`);
  };
  try {
    const [first] = stepsOf(small);
    if (first === undefined) throw new Error("There are no steps.");
    await during("making a swarm of four nodes", () => must("The swarm", yard.command(first)));
    const image = await imageOnNodes();
    for (const services of sizes) {
      const compose = composeFile(image, services);
      yard.load(compose);
      await measured(services, "preview", "swarmyard", yard.run("preview"));
      await measured(services, "up", "swarmyard", yard.run("up"));
      yard.load(undefined);
      await during("removing the services", () => must("The removal", yard.run("up")));
      await give(yard.manager, compose);
      await measured(services, "up", "docker stack deploy", stackDeploy(yard.manager, services));
      await during("removing the stack", () => must("The removal", stackRemove(yard.manager)));
    }
  } finally {
    await yard.close();
  }
  return rows;
}

/** What is wrong on the swarm; undefined when as many tasks run as should. */
async function shortfall({ manager }: ComposeYard, wanted: number): Promise<string | undefined> {
  const tasks = await runningTasks(manager);
  const count = tasks.filter(({ version }) => version === loadVersion).length;
  return count === wanted ? undefined : `${count} tasks run, not ${wanted}`;
}

/** The image of the small service, as nodes pull it. */
async function imageOnNodes(): Promise<string> {
  const args = ["images", "--filter", `reference=127.0.0.1:*/${benchStack}/bench/app`];
  const format = ["--format", "{{.Repository}}:{{.Tag}}"];
  const list = await must("Listing images", { command: "docker", args: [...args, ...format] });
  const [first = ""] = list.split("\n");
  if (first === "") throw new Error("There is no image of the small service.");
  return first.replace(/^[^/]+/, "registry:5000");
}

/** Puts the file onto the manager. */
async function give(manager: string, compose: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "swarmyard-bench-compose-"));
  try {
    writeFileSync(join(folder, "load.yaml"), compose);
    const args = ["cp", join(folder, "load.yaml"), `${manager}:/root/load.yaml`];
    await must("Copying the file", { command: "docker", args });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Docker's command, and a look each second until all services have their task. */
function stackDeploy(manager: string, services: number): Command {
  const script = `docker stack deploy -c /root/load.yaml load >/dev/null
until [ "$(docker stack services load --format '{{.Replicas}}' | grep -c '^1/1')" = ${services} ]; do sleep 1; done`;
  return { command: "docker", args: ["exec", manager, "sh", "-ec", script] };
}

function stackRemove(manager: string): Command {
  const script = `docker stack rm load >/dev/null 2>&1
while docker network inspect load_default >/dev/null 2>&1; do sleep 1; done`;
  return { command: "docker", args: ["exec", manager, "sh", "-c", script] };
}
