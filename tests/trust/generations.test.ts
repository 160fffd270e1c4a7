import { afterAll, beforeAll, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { chaosYard, groups, host, lines, setServices, swarm } from "./chaos/chaos-yard";
import { Faults } from "./chaos/faults";
import { expectSound } from "./chaos/history";
import { whileServing } from "./chaos/serving";
import { expectNoChanges, failingUp, up } from "./trial";

/** The life of a swarm from the first generation of Docker to the next, told in order. */
let yard: Yard;
let faults: Faults;
const check = {
  test: ["CMD", "true"],
  ...{ interval: "1s", timeout: "5s", retries: 5, startPeriod: "30s", startInterval: "1s" },
};

beforeAll(() => {
  yard = chaosYard("gens");
  yard.set(["swarmyard:hosts", "local", "engine"], "debian-12");
  yard.set(
    [...groups, "db", "names"],
    [0, 1, 2].map((n) => host(yard, "db", n)),
  );
  faults = new Faults(yard);
});
afterAll(() => yard.close());

/** Docker's version on each node, without what the distribution adds to it. */
function versions(): readonly string[] {
  const format = "{{.Hostname}} {{.EngineVersion}}";
  return lines(swarm(yard, "node", "ls", "--format", format))
    .map((line) => line.replace(`yard-${yard.stack}-`, "").replace(/\+.*$/, ""))
    .sort();
}

const nodes = (managers: string, workers: string) => [
  ...[0, 1, 2].map((n) => `db-${n} ${workers}`),
  ...[0, 1, 2].map((n) => `platform-${n} ${managers}`),
];

async function upgrade(): Promise<void> {
  const { status, output } = await yard.run("upgrade");
  expect(status, output).toBe(0);
}

test("three managers and three workers run Docker 20.10", async () => {
  await up(yard);
  await expectSound(yard);
  expect(versions()).toEqual(nodes("20.10.24", "20.10.24"));
});

test("a field that Docker 20.10 does not have is refused by name, and changes nothing", async () => {
  setServices(yard, 0, { healthcheck: check, oomScoreAdj: 100 });
  const output = await failingUp(yard);
  expect(output).toContain(
    "healthcheck.startInterval needs Docker engine 25 or newer, and the manager has 20.10.24",
  );
  expect(output).toContain(
    "oomScoreAdj needs Docker engine 27 or newer, and the manager has 20.10.24",
  );
  setServices(yard, 0);
  await up(yard);
  await expectSound(yard);
});

test("workers are upgraded one by one, and a rollout reaches both generations", async (context) => {
  yard.set([...groups, "db", "engine"], "debian-13");
  await whileServing(context, { yard, faults }, async () => {
    await upgrade();
    expect(versions()).toEqual(nodes("20.10.24", "26.1.5"));
    setServices(yard, 1);
    await up(yard);
  });
  await expectNoChanges(yard);
});

test("managers are upgraded one by one, the leader last", async (context) => {
  yard.set([...groups, "platform", "engine"], "debian-13");
  await whileServing(context, { yard, faults }, async () => {
    await upgrade();
    expect(versions()).toEqual(nodes("26.1.5", "26.1.5"));
  });
  await expectNoChanges(yard);
});

test("a field that Docker 26 has is taken, and one of Docker 27 is refused by name", async () => {
  setServices(yard, 2, { healthcheck: check, oomScoreAdj: 100 });
  const output = await failingUp(yard);
  expect(output).toContain(
    "oomScoreAdj needs Docker engine 27 or newer, and the manager has 26.1.5",
  );
  expect(output).not.toContain("startInterval needs");
  setServices(yard, 2, { healthcheck: check });
  await up(yard);
  const format = "{{.Spec.TaskTemplate.ContainerSpec.Healthcheck.StartInterval}}";
  expect(swarm(yard, "service", "inspect", "--format", format, "trial_side")).toBe("1s");
  await expectNoChanges(yard);
});

test("down leaves nothing", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
