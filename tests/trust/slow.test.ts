import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { about, expectNoChanges, failingUp, sleeper, trial, trialYard, up } from "./trial";

/** What takes long: an image that comes slowly, and forty services that need each other. */
let yard: Yard;
const stack = "slow";
const services = [...trial, "services"];
const proxies: string[] = [];

beforeAll(async () => {
  yard = trialYard(stack);
  yard.set([...trial, "images"], { redis: { context: "../demo/images/redis" } });
  // On the node that pulls slowly, so that it has all layers but the one of that image.
  const placement = { constraints: ["node.labels.db == true"] };
  yard.set(services, { good: { ...sleeper, placement } });
  await up(yard);
});
afterAll(async () => {
  for (const name of proxies) yard.engine("rm", "-f", name);
  await yard.close();
});

/** Reference of the trial platform's image on this machine's engine. */
function toolImage(): string {
  const reference = `reference=127.0.0.1:*/${stack}/trial/tool`;
  const args = ["image", "ls", "--filter", reference, "--format", "{{.Repository}}:{{.Tag}}"];
  return execFileSync("docker", args, { encoding: "utf8" }).split("\n")[0] ?? "";
}

/** Pushes an image of 6 MB that no node has, which nodes get through a slow registry of their own. */
function serveSlowly(bytesPerSecond: number): string {
  const tool = toolImage();
  const pushed = `${tool.split("/")[0]}/${stack}/heavy:1`;
  const folder = path.join(yard.folder, "heavy");
  fs.mkdirSync(folder);
  const layer = "RUN head -c 6000000 /dev/urandom > /heavy";
  fs.writeFileSync(path.join(folder, "Dockerfile"), `FROM ${tool}\n${layer}\n`);
  yard.engine("build", "--no-cache", "-t", pushed, folder);
  yard.engine("push", pushed);
  yard.engine("image", "rm", pushed);
  const program = fs.readFileSync(path.join(__dirname, "programs/slow_registry.py"), "utf8");
  for (const host of Object.keys(yard.machines()).filter((name) =>
    /-(db|platform)-0$/.test(name),
  )) {
    const name = `slow-registry-of-${host}`;
    proxies.push(name);
    const command = [tool, "python3", "-c", program, `${bytesPerSecond}`];
    yard.engine("run", "-d", "--name", name, "--network", `container:${host}`, ...command);
  }
  return `127.0.0.1:5999/${stack}/heavy:1`;
}

test("a pull that is slower than the timeout: what, where, since when, what to set", async () => {
  const image = serveSlowly(60_000);
  yard.set([...trial, "rollout", "timeout"], "20s");
  yard.set([...services, "heavy"], {
    ...sleeper,
    image,
    placement: { constraints: ["node.labels.db == true"] },
  });
  const said = about(await failingUp(yard), "heavy");
  expect(said).toContain("service trial_heavy is not running as it should after 2");
  expect(said).toMatch(
    /trial_heavy\.1: is pulling image 127\.0\.0\.1:5999\/slow\/heavy:1 on yard-slow-db-0 for \d+s/,
  );
  expect(said).toContain(
    "the image is still being pulled: set a longer `timeout` in the platform's `rollout`, or run up again",
  );
});

test("with the longer timeout that it asks for, up waits for the same pull", async () => {
  yard.set([...trial, "rollout", "timeout"], "6m");
  await up(yard);
  await expectNoChanges(yard);
  const past = await yard.docker("service", "ps", "trial_heavy", "--format", "{{.ID}}");
  expect(past.trim().split("\n")).toHaveLength(1);
  yard.set([...services, "heavy"], undefined);
  await up(yard);
});

/** Comes to run when what it needs has said in redis that it runs; ends with an error before that. */
function member(name: string, needs: string) {
  const script = [
    `redis-cli -h redis get ${needs} | grep -q up || { echo "${needs} is not up"; exit 1; }`,
    `redis-cli -h redis set ${name} up`,
    "exec sleep infinity",
  ].join("\n");
  return {
    ...sleeper,
    image: { build: "redis" },
    entrypoint: ["sh", "-c", script],
    command: [],
    env: { ROUND: "1" },
    restart: { condition: "any", delay: "3s" },
  };
}

const members = Array.from({ length: 39 }, (_, index) => `s${index + 1}`);

test("forty services that need each other come up, after they failed for a while", async () => {
  yard.set([...trial, "rollout"], { timeout: "14m", steady: "8s" });
  const script =
    "sleep 15; redis-server --save '' --protected-mode no & sleep 17; redis-cli set s0 up; wait";
  yard.set([...services, "redis"], {
    ...sleeper,
    image: { build: "redis" },
    entrypoint: ["sh", "-c", script],
    command: [],
    env: { ROUND: "1" },
  });
  members.forEach((name, index) => {
    yard.set([...services, name], member(name, `s${Math.floor((index + 1) / 2)}`));
  });
  await up(yard);
  const tasks = await yard.tasks();
  expect(new Set(tasks.map(({ service }) => service)).size).toBe(41);
  const first = await yard.docker("service", "ps", "trial_s1", "--format", "{{.CurrentState}}");
  expect(first).toContain("Failed");
  await expectNoChanges(yard);
});

test("all of them, changed at once, come up again", async () => {
  for (const name of ["redis", ...members]) yard.set([...services, name, "env", "ROUND"], "2");
  await up(yard);
  expect(await yard.tasks()).toHaveLength(41);
  await expectNoChanges(yard);
});
