import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobEndedAfter } from "./page";
import { Yard } from "./yard";

let yard: Yard;

beforeAll(() => {
  yard = new Yard("killed");
});
afterAll(() => yard.close());

/** Where a run is killed: at the first line that matches. */
const points: readonly (readonly [string, RegExp])[] = [
  ["while hosts are made", /docker:index:Container .*creat/],
  ["between init and join", /swarm-init created|swarm:index:Cluster .*creat/],
  ["while a service is created", /swarm:index:Service .*creat/],
];

describe("killed with its whole process group", () => {
  test.each(points)("%s", async (_, point) => {
    let killed = false;
    const { status } = await yard.run("up", [], (line, killAll) => {
      if (killed || !point.test(line)) return;
      killed = true;
      killAll();
    });
    expect(killed).toBe(true);
    expect(status).not.toBe(0);
  });

  test("the next up succeeds without a manual cancel", async () => {
    const { status, output } = await yard.run("up");
    expect(status, output).toBe(0);
    const url = output.trimEnd().split("\n").at(-1)?.slice("Open ".length) ?? "";
    await jobEndedAfter(url, Date.now());
  });

  test("there is one of each", async () => {
    const nodes = (await yard.docker("node", "ls", "--format", "{{.Hostname}}")).trim().split("\n");
    const services = (await yard.docker("service", "ls", "--format", "{{.Name}}"))
      .trim()
      .split("\n");
    expect(new Set(nodes).size).toBe(4);
    expect(nodes).toHaveLength(4);
    expect(services.sort()).toEqual([
      "demo_agent",
      "demo_api",
      "demo_model",
      "demo_redis",
      "demo_web",
    ]);
    const secrets = (await yard.docker("secret", "ls", "-q")).trim().split("\n");
    expect(secrets).toHaveLength(1);
  });

  test("sweep removes everything when the state is lost", async () => {
    yard.loseState();
    const { status, output } = await yard.run("down", ["--sweep", "--yes"]);
    expect(status, output).toBe(0);
    expect(yard.left()).toEqual([]);
  });
});
