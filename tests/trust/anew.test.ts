import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Yard } from "../e2e/yard";
import { smallYard } from "./small";
import { expectNoChanges, failingUp, up } from "./trial";

/** What Docker cannot change is recreated: networks with their services, volumes only when unmounted. */
let yard: Yard;
const spec = ["swarmyard:platforms", "small"] as const;
const seed = { "here/words": "idle/Dockerfile" };
const memory = (size: string) => ({ type: "tmpfs", device: "tmpfs", o: `size=${size}` });

beforeAll(async () => {
  yard = smallYard("anew");
  yard.set([...spec, "volumes"], { data: { onDelete: "remove", seed } });
  mount({ "/data": { type: "volume", source: "data" } });
  await up(yard);
  await expectNoChanges(yard);
});
afterAll(() => yard.close());

function mount(mounts: object): void {
  yard.set([...spec, "services"], { keeper: { mounts } });
}

/** Ids of the tasks that run, by service. */
async function tasks(): Promise<{ readonly [service: string]: readonly string[] }> {
  const all = await yard.tasks();
  const names = [...new Set(all.map(({ service }) => service))].sort();
  const idsOf = (name: string) => all.filter(({ service }) => service === name).map(({ id }) => id);
  return Object.fromEntries(names.map((name) => [name, idsOf(name).sort()]));
}

test("changing the options and subnet of a network in use recreates its service and no other", async () => {
  const { small_deep: old, ...others } = await tasks();
  const subnet = "10.77.3.0/24";
  const options = { "com.docker.network.driver.mtu": "1300" };
  yard.set([...spec, "networks"], { back: { subnet, options } });
  await up(yard);
  const format = "{{json .Options}} {{json .IPAM.Config}}";
  const network = await yard.docker("network", "inspect", "small_back", "--format", format);
  expect(network).toContain('"com.docker.network.driver.mtu":"1300"');
  expect(network).toContain(subnet);
  const { small_deep: now, ...rest } = await tasks();
  expect(now).toHaveLength(1);
  expect(now).not.toEqual(old);
  expect(rest).toEqual(others);
  await expectNoChanges(yard);
});

describe("a volume that is removed with its resource", () => {
  test("is seeded, and stays while it is mounted: up says what to do", async () => {
    const before = await tasks();
    yard.set([...spec, "volumes"], {
      data: { onDelete: "remove", seed, labels: { size: "other" } },
    });
    const output = await failingUp(yard);
    expect(output).toMatch(/the volume small_data on \S+ is still used after 30 s: /);
    expect(output).toContain("Remove it from the mounts of its services, run up");
    expect(await tasks()).toEqual(before);
    expect(words()).toContain("FROM debian:13-slim");
  });

  test("is changed when nothing mounts it", async () => {
    const labels = { size: "other" };
    yard.set([...spec, "volumes"], { data: { onDelete: "remove", seed } });
    mount({});
    await up(yard);
    yard.set([...spec, "volumes"], {
      data: { onDelete: "remove", labels, driverOptions: memory("1m") },
    });
    await up(yard);
    mount({ "/data": { type: "volume", source: "data" } });
    await up(yard);
    await expectNoChanges(yard);
    const inspect = ["volume", "inspect", "small_data", "--format", "{{json .Options}}"];
    expect(yard.engine("exec", host(), "docker", ...inspect)).toContain("size=1m");
  });
});

test("down leaves nothing", async () => {
  const { status, output } = await yard.run("down");
  expect(status, output).toBe(0);
  expect(yard.left()).toEqual([]);
});

function host(): string {
  const name = Object.keys(yard.machines()).find((machine) => machine.endsWith("-db-0"));
  if (name === undefined) throw new Error("no host db-0");
  return name;
}

/** What the seed put into the volume. */
function words(): string {
  const path = ["docker", "volume", "inspect", "small_data", "--format", "{{.Mountpoint}}"];
  const folder = yard.engine("exec", host(), ...path).trim();
  return yard.engine("exec", host(), "cat", `${folder}/here/words`);
}
