import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { succeedIn, type Words } from "../e2e/succeed";
import type { Yard } from "../e2e/yard";
import { small, smallYard } from "./small";

/** Manual changes behind the program's back, in order: each test starts where the previous one ended. */
let yard: Yard;
let db: string;

beforeAll(() => {
  yard = smallYard("drift");
});
afterAll(() => yard.close());

const succeeds = (...words: Words) => succeedIn(yard, ...words);

async function names(...command: string[]): Promise<string[]> {
  return (await yard.docker(...command)).trim().split("\n").filter(Boolean).sort();
}

/** Ids of running tasks of one service. */
async function taskIds(service: string): Promise<string[]> {
  return (await yard.tasks(service)).map(({ id }) => id).sort();
}

async function replicas(service: string): Promise<string> {
  const format = "{{.Spec.Mode.Replicated.Replicas}}";
  return (await yard.docker("service", "inspect", "--format", format, service)).trim();
}

async function labelsOf(kind: "node" | "service", name: string): Promise<object> {
  const format = "{{json .Spec.Labels}}";
  const found = JSON.parse(await yard.docker(kind, "inspect", "--format", format, name));
  const own = Object.entries(found).filter(([key]) => !/^(swarmyard|com\.docker)\./.test(key));
  return Object.fromEntries(own);
}

/** The lines below a resource of a diff, up to the next resource; `up --refresh` tells of some twice. */
function about(output: string, resource: string): string {
  const blocks = output.split(/\n(?=\s*[-+~]+ [\w:]+:\w+: \()/);
  const found = blocks.filter((block) => new RegExp(`::${resource}\\]?\\n`).test(block));
  expect(found.length, `${resource} in\n${output}`).toBeGreaterThan(0);
  return found.join("\n");
}

test("from nothing", async () => {
  await succeeds("up");
  const machine = Object.keys(yard.machines()).find((name) => name.endsWith("-db-0")) ?? "";
  db = machine.slice(`swarmyard-${yard.stack}-`.length);
  expect(await labelsOf("node", db)).toEqual({ db: "true", target: "db" });
});

describe("without a refresh", () => {
  test("up changes only what changed in the file, and writes that completely", async () => {
    await yard.docker("service", "scale", "-d", "small_front=3", "small_lone=2");
    expect(await succeeds("up")).toMatch(/Resources:\n\s+\d+ unchanged\n/);
    expect(await replicas("small_front")).toBe("3");
    yard.set(["swarmyard:platforms", "small", "services"], { front: { labels: { more: "1" } } });
    await succeeds("up");
    expect(await replicas("small_front")).toBe("2");
    expect(await replicas("small_lone")).toBe("2");
  });

  test("up -- --refresh reads first, and repairs in one go", async () => {
    const output = await succeeds("up", "--refresh", "--diff");
    // The file says nothing of it, so that the number of replicas is the default again.
    expect(output).toContain("found replicas: 2; the program wants 1, the default");
    expect(about(output, "small-services-lone")).toMatch(/~ replicas: 2 => 1/);
    expect(await replicas("small_lone")).toBe("1");
    await succeeds("preview", "--expect-no-changes");
  });

  test("up, and a change to a removed service, give a fix", async () => {
    await yard.docker("service", "rm", "small_lone");
    const unchanged = await yard.run("up");
    expect(unchanged.status).not.toBe(0);
    expect(unchanged.output).toContain(
      "service small_lone is not running as it should:\n  does not exist",
    );
    expect(unchanged.output).toContain("npm run up -- -s drift --refresh");
    yard.set(["swarmyard:platforms", "small", "services", "lone"], { labels: { more: "2" } });
    const { status, output } = await yard.run("up");
    expect(status).not.toBe(0);
    expect(output).toContain("the service small_lone is gone; run refresh");
    await succeeds("up", "--refresh");
    expect(await labelsOf("service", "small_lone")).toEqual({ more: "2" });
  });
});

describe("scaled, relabelled and removed by hand", () => {
  let before: { readonly [service: string]: string[] };

  test("refresh says which fields are different", async () => {
    before = { front: await taskIds("small_front"), keeper: await taskIds("small_keeper") };
    await yard.docker("service", "scale", "-d", "small_front=4");
    const labels = ["--label-add", "tier=hand", "--label-add", "stray=1", "--label-rm", "more"];
    await yard.docker("service", "update", "-d", ...labels, "small_front");
    await yard.docker("service", "rm", "small_lone");
    const nodeLabels = ["--label-add", "target=elsewhere", "--label-rm", "db"];
    await yard.docker("node", "update", ...nodeLabels, db);

    const output = await succeeds("refresh");
    const front = about(output, "small-services-front");
    expect(front).toMatch(/~ replicas: 2 => 4/);
    expect(front).toMatch(/~ tier\s*: "front" => "hand"/);
    expect(front).toMatch(/\+ stray\s*: "1"/);
    expect(front).toMatch(/- more\s*: "1"/);
    expect(front).not.toMatch(/[-+~] (image|env|restart|networks|secrets)/);
    expect(about(output, "small-services-lone")).toMatch(/- swarm:index:Service: \(delete\)/);
    const node = about(output, `swarm-node-${db}`);
    expect(node).toMatch(/~ target: "db" => "elsewhere"/);
    expect(node).toMatch(/- db\s*: "true"/);
    expect(output).not.toContain("small-services-keeper");
  });

  test("preview says how up puts them back", async () => {
    const output = await succeeds("preview", "--diff");
    const front = about(output, "small-services-front");
    expect(front).toMatch(/~ replicas: 4 => 2/);
    expect(front).toMatch(/~ tier\s*: "hand" => "front"/);
    expect(front).toMatch(/- stray\s*: "1"/);
    expect(about(output, "small-services-lone")).toMatch(/\+ swarm:index:Service: \(create\)/);
    expect(about(output, `swarm-node-${db}`)).toMatch(/~ target: "elsewhere" => "db"/);
  });

  test("up repairs them, and no correct task restarts", async () => {
    await succeeds("up");
    expect(await labelsOf("service", "small_front")).toEqual({ tier: "front", more: "1" });
    expect(await labelsOf("node", db)).toEqual({ db: "true", target: "db" });
    expect(await names("service", "ls", "--format", "{{.Name}}")).toEqual([...small.services]);
    expect(await taskIds("small_keeper")).toEqual(before.keeper);
    expect(await taskIds("small_front")).toEqual(before.front);
    await succeeds("preview", "--expect-no-changes");
  });
});

describe("a secret, a network and what uses them removed, a service changed, a node drained", () => {
  let secret: string;
  let value: string;
  let kept: string[];

  /** What the tasks of small_front read in the secret. */
  async function readSecret(): Promise<string> {
    const [task] = await yard.tasks("small_front");
    const machine = Object.keys(yard.machines()).find((name) => name.endsWith(task?.node ?? "?"));
    const id = "{{.Status.ContainerStatus.ContainerID}}";
    const container = (await yard.docker("inspect", "--format", id, task?.id ?? "")).trim();
    const inside = ["docker", "exec", container, "cat", "/run/secrets/word"];
    return yard.engine("exec", machine ?? "", ...inside);
  }

  test("refresh and preview say it field by field", async () => {
    kept = (await yard.tasks("small_keeper")).filter(({ node }) => node !== db).map(({ id }) => id);
    value = await readSecret();
    expect(value).toMatch(/^\w{24}$/);
    const all = await names("secret", "ls", "--format", "{{.Name}}");
    secret = all.find((name) => name.startsWith("small_word")) ?? "";
    await yard.docker("service", "update", "-d", "--secret-rm", secret, "small_front");
    await yard.docker("secret", "rm", secret);
    await yard.docker("service", "rm", "small_deep");
    await yard.docker("network", "rm", "small_back");
    await yard.docker("service", "update", "-d", "--env-add", "WHO=hand", "small_lone");
    await yard.docker("node", "update", "--availability", "drain", db);

    const found = await succeeds("refresh");
    expect(about(found, "small-secret-word")).toMatch(
      new RegExp(`~ name: "${secret}" => "removed from the swarm"`),
    );
    expect(about(found, "small-network-back")).toMatch(/- swarm:index:Network: \(delete\)/);
    expect(about(found, "small-services-deep")).toMatch(/- swarm:index:Service: \(delete\)/);
    expect(about(found, "small-services-front")).toMatch(new RegExp(`- source: "${secret}"`));
    expect(about(found, "small-services-lone")).toMatch(/\+ WHO: "hand"/);
    expect(about(found, `swarm-node-${db}`)).toMatch(/~ availability: "active" => "drain"/);
    expect(found).not.toContain(value);

    const planned = await succeeds("preview", "--diff");
    expect(about(planned, "small-secret-word")).toMatch(
      new RegExp(`~ name\\s*: "removed from the swarm" => "${secret}"`),
    );
    expect(about(planned, "small-network-back")).toMatch(/\+ swarm:index:Network: \(create\)/);
    expect(about(planned, "small-services-lone")).toMatch(/- WHO: "hand"/);
    expect(about(planned, `swarm-node-${db}`)).toMatch(/~ availability: "drain" => "active"/);
  });

  test("up repairs them: the secret has its name and its value again", async () => {
    await succeeds("up");
    const secrets = await names("secret", "ls", "--format", "{{.Name}}");
    expect(secrets).toHaveLength(small.secrets.length);
    expect(secrets).toContain(secret);
    expect(await readSecret()).toBe(value);
    const networks = await names("network", "ls", "--format", "{{.Name}}");
    expect(networks).toEqual(expect.arrayContaining([...small.networks]));
    expect(await taskIds("small_keeper")).toEqual(expect.arrayContaining(kept));
    expect(await taskIds("small_deep")).toHaveLength(1);
    await succeeds("preview", "--expect-no-changes");
  });

  test("another refresh finds nothing", async () => {
    expect(await succeeds("refresh")).not.toMatch(/[-+~] \d+ (updated|deleted|created)/);
  });
});
