import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Yard } from "../e2e/yard";
import { effectOf, type Round } from "../matrix/case";
import { groupsIn } from "../matrix/hosts";
import { names } from "../matrix/platform";
import { casesAt } from "../matrix/services";
import { sharedFolder } from "../matrix/task-cases";
import { type Snapshot, snapshotOf } from "./matrix/tasks";

/** One life of an environment with a service for each field, told in order. */
let yard: Yard;
let before: Snapshot = {};
/** API version 1.x of the hosts' Docker engines; services with fields that it does not know are left out. */
let api = 0;

beforeAll(() => {
  yard = new Yard("matrix");
});
afterAll(() => yard.close());

async function succeed(command: string, ...args: string[]): Promise<string> {
  const { status, output } = await yard.run(command, args);
  expect(status, output.slice(-6000)).toBe(0);
  return output;
}

/** Writes the environment, the platform and the program of a round. */
function write(round: Round, gpus?: number): void {
  yard.set(["swarmyard:hosts", "groups"], groupsIn(round, gpus));
  const platform = `import { platformIn } from "../../tests/matrix/platform";
export const platform = platformIn("${round}", ${api});\n`;
  fs.mkdirSync(path.join(yard.folder, "platforms/matrix"), { recursive: true });
  fs.writeFileSync(path.join(yard.folder, "platforms/matrix/index.ts"), platform);
  const swarm = "    protect: environment.protected === true,\n  }";
  const program = yard.git("show", "HEAD:index.ts");
  const last = "  await createEntry(";
  expect(program).toContain(swarm);
  expect(program).toContain(last);
  const watched = `${swarm}, { transformations: [beyond.availabilityOf("-idle-0", "${round}")] }`;
  fs.writeFileSync(
    path.join(yard.folder, "index.ts"),
    `import * as beyond from "./tests/matrix/beyond";
${program
  .replace(swarm, watched)
  .replace(
    last,
    `  if (environment.platforms.length > 0) beyond.serviceBeyond(swarm, "${round}");\n${last}`,
  )}`,
  );
}

/** Expects that nothing is to be done and that nothing is done by asking, also after a refresh. */
async function expectRest(): Promise<void> {
  const tasks = await snapshotOf(yard);
  await succeed("preview", "--expect-no-changes", "--diff");
  await succeed("refresh");
  await succeed("preview", "--expect-no-changes", "--diff");
  await succeed("up");
  expect(await snapshotOf(yard)).toEqual(tasks);
}

/** What a person makes by hand beside the environment, and an image that somebody else built. */
async function makeByHand(): Promise<void> {
  await yard.docker("network", "create", "-d", "overlay", names.network);
  const folder = path.join(yard.folder, "tests/matrix/tool");
  const [registry = ""] = yard.here("ps", "--filter", "name=registry", "--format", "{{.Ports}}");
  const address = registry.replace(/->.*$/, "");
  for (const tag of ["1", "2"]) {
    const image = `${address}/matrix/by-hand:${tag}`;
    yard.engine("build", "--target", "marked", "--build-arg", `mark=${tag}`, "-t", image, folder);
    yard.engine("push", image);
    yard.engine("rmi", image);
  }
  const [manager = "", ...workers] = Object.keys(yard.machines()).filter((name) =>
    /-(head-0|work|idle-0)$/.test(name),
  );
  for (const node of [manager, ...workers]) {
    yard.engine(
      "exec",
      node,
      "sh",
      "-c",
      `mkdir -p ${sharedFolder}
      mount --bind ${sharedFolder} ${sharedFolder} && mount --make-shared ${sharedFolder}`,
    );
  }
  const head = [manager, ...workers].find((name) => name.endsWith("-head-0")) ?? "";
  for (const kind of ["secret", "config"] as const) {
    yard.engine("exec", head, "sh", "-c", `echo by hand | docker ${kind} create ${names[kind]} -`);
  }
}

/** A secret of a local environment, as the README says to set one. */
function setSecret(): void {
  const file = path.join(yard.folder, `Pulumi.${yard.stack}.secrets.yaml`);
  fs.writeFileSync(file, `${names.setting}: planted\n`, { mode: 0o600 });
}

describe("from nothing", () => {
  test("machines, and what is made by hand", async () => {
    write("first");
    yard.set(["swarmyard:platforms"], undefined);
    await succeed("up");
    await makeByHand();
    setSecret();
    const version = await yard.docker("version", "--format", "{{.Server.APIVersion}}");
    api = Number(version.trim().split(".")[1]);
    write("first");
  });

  test("a service for each field, and all kinds beside them", async () => {
    yard.set(["swarmyard:platforms"], { matrix: {} });
    await succeed("up");
    before = await snapshotOf(yard);
    const made = Object.keys(casesAt(api)).map((key) => `${names.platform}_${key}`);
    expect(Object.keys(before).sort()).toEqual([...made, "matrix-beyond"].sort());
  });

  test("rest", () => expectRest());
});

for (const round of ["next", "without"] as const) {
  const title = round === "next" ? "every field changes" : "every field is left out";
  describe(title, () => {
    test("up", async () => {
      write(round);
      await succeed("up");
    });

    test("only services whose tasks change restart", async () => {
      const after = await snapshotOf(yard);
      const wrong = Object.entries(casesAt(api)).flatMap(([key, one]) => {
        const service = `${names.platform}_${key}`;
        const [old = [], now = []] = [before[service], after[service]];
        const kept = now.filter((task) => old.includes(task)).length;
        const wanted = effectOf(one, round);
        const right = wanted === "keep" ? kept === Math.min(old.length, now.length) : kept === 0;
        return right ? [] : [`${key}: ${wanted}, but ${kept} of ${old.length} tasks are the same`];
      });
      before = after;
      expect(wrong).toEqual([]);
    });

    test("rest", () => expectRest());
  });
}

describe("a host's resources change", () => {
  test("up recreates it as the same node, and a second up has nothing to do", async () => {
    write("without", 3);
    await succeed("up");
    await expectRest();
  });
});

test("down leaves nothing", async () => {
  await succeed("down");
  expect(yard.left()).toEqual([]);
});
