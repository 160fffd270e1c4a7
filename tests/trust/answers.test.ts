import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { about, expectNoChanges, failingUp, sleeper, trial, trialYard, up } from "./trial";

/**
 * Green means that it answers: published ports, virtual addresses on this kernel, networks that are too small,
 * and paths that cannot be made. This kernel has no IP_VS.
 */
let yard: Yard;
const services = [...trial, "services"];
const onDb = { placement: { constraints: ["node.labels.db == true"] } };
const page = (port: number, address = "0.0.0.0") => ({
  ...sleeper,
  ...onDb,
  command: ["python3", "-m", "http.server", "--bind", address, `${port}`],
});

beforeAll(async () => {
  yard = trialYard("answers");
  yard.set(services, { good: { ...page(8000), ports: [{ target: 8000, published: 8000 }] } });
  await up(yard);
});
afterAll(() => yard.close());

/** Runs `up` with one more service, which must fail, and then without it. @returns what was said, and the seconds */
async function failingWith(name: string, spec: object) {
  yard.set([...services, name], spec);
  const started = Date.now();
  const said = await failingUp(yard);
  return { said, seconds: (Date.now() - started) / 1000 };
}

describe("a published port that nothing answers on", () => {
  test("because the program listens on another one: up fails soon and says which", async () => {
    const { said, seconds } = await failingWith("other", {
      ...page(3000),
      ports: [{ target: 8080, published: 8010 }],
    });
    const text = about(said, "other");
    expect(text).toContain("runs, but its published port 8010 does not answer");
    expect(text).toContain("its program listens on 3000, not on 8080");
    expect(text).toContain("what to do: `target: 3000`");
    expect(said).not.toContain("service trial_good");
    // The rollout's timeout is four minutes.
    expect(seconds).toBeLessThan(120);
  });

  test("because it listens on 127.0.0.1 only", async () => {
    yard.set([...services, "other"], undefined);
    const { said } = await failingWith("inward", {
      ...page(8080, "127.0.0.1"),
      ports: [{ target: 8080, published: 8011 }],
    });
    expect(about(said, "inward")).toContain("its program listens on port 8080 of 127.0.0.1 only");
  });

  test("need not answer where the rollout says so, and answers with the fix", async () => {
    yard.set([...trial, "rollout", "quietPorts"], [8011]);
    await up(yard);
    yard.set([...trial, "rollout", "quietPorts"], undefined);
    yard.set([...services, "inward", "command"], page(8080).command);
    await up(yard);
    await expectNoChanges(yard);
    yard.set([...services, "inward"], undefined);
  });
});

describe("on a kernel without IP_VS", () => {
  const ports = [{ target: 8000, published: 8012, mode: "ingress" }];

  test("ingress is refused at preview", async () => {
    yard.set([...services, "meshed"], { ...page(8000), endpointMode: "vip", ports });
    const { status, output } = await yard.run("preview");
    expect(status).not.toBe(0);
    expect(output).toContain("this machine's kernel has no IP_VS, which ingress needs");
  });

  test("the nodes are asked too: a name with a virtual address is warned of", async () => {
    yard.set([...trial, "rollout", "quietPorts"], [8012]);
    const output = await up(yard);
    expect(output).toMatch(
      /the kernel of yard-answers-db-0 has no IP_VS, so the names of trial_meshed lead nowhere there/,
    );
    yard.set([...trial, "rollout", "quietPorts"], undefined);
    yard.set([...services, "meshed"], undefined);
    await up(yard);
  });
});

describe("what a task cannot have", () => {
  test("an address of a network that has too few: the network is named", async () => {
    const args = ["--driver", "overlay", "--subnet", "10.99.0.0/29", "tiny"];
    await yard.docker("network", "create", ...args);
    yard.set([...trial, "rollout", "timeout"], "40s");
    yard.set([...trial, "networks"], { tiny: { external: true, name: "tiny" } });
    const { said } = await failingWith("many", {
      ...sleeper,
      replicas: 10,
      networks: { tiny: {} },
      endpointMode: "dnsrr",
    });
    expect(about(said, "many")).toContain("tiny");
    yard.set([...services, "many"], undefined);
    yard.set([...trial, "networks"], undefined);
    await up(yard);
    await yard.docker("network", "rm", "tiny");
  });

  test("a path below a mount that is read-only: both are named", async () => {
    const { said } = await failingWith("below", {
      ...sleeper,
      mounts: {
        "/data": { type: "bind", source: "/tmp", readOnly: true },
        "/data/below": { type: "tmpfs" },
      },
    });
    const text = about(said, "below");
    expect(text).toContain("/data/below");
    expect(text).toContain("read-only");
    yard.set([...services, "below"], undefined);
    await up(yard);
  });
});

test("down removes all of it", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});
