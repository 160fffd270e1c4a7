import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { keptAddresses } from "../../components/local-engine/kept-addresses";
import {
  decideAddresses,
  hasNetwork,
  keepAddresses,
  othersIn,
  takenByOthers,
} from "../../tools/setup/addresses";
import type { Session } from "../../tools/setup/session";

const made: string[] = [];
const unasked = async () => undefined;

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "addresses-"));
  made.push(folder);
  return folder;
}

/** A session as far as addresses are concerned; its Docker engine cannot be asked. */
function sessionOf(state: string, stack: string, resources: readonly string[] = [], here = {}) {
  const peek = async () => ({
    deployment: { resources: resources.map((type) => ({ type })) },
  });
  return {
    stack: { name: stack, peek },
    file: { here },
    folders: { state, cache: "" },
    owner: `swarmyard/${stack}`,
  } as unknown as Session;
}

const keptIn = (state: string, stack: string) => keptAddresses(stack, { SWARMYARD_STATE: state });

describe("what an environment takes of this machine", () => {
  const choosing = {
    stack: "staging",
    stated: {},
    kept: {},
    exists: false,
    taken: { subnets: ["10.98.0.0/16"], offsets: [3000] },
  };

  test("is free, unless the environment exists: then it is what it has", () => {
    expect(decideAddresses(choosing)).toEqual({
      subnet: "10.99.0.0/16",
      portOffset: 4000,
      engine: "debian-13",
    });
    expect(decideAddresses({ ...choosing, exists: true })).toEqual({
      subnet: "10.98.0.0/16",
      portOffset: 3000,
      engine: "debian-12",
    });
  });

  test("is what was kept, and before that what the file says", () => {
    const kept = { subnet: "10.70.0.0/16", portOffset: 7000, engine: "debian-12" } as const;
    expect(decideAddresses({ ...choosing, kept })).toEqual(kept);
    const stated = { portOffset: 500, engine: "debian-sid" } as const;
    expect(decideAddresses({ ...choosing, kept, stated })).toEqual({ ...kept, ...stated });
  });

  test("leaves out what is its own", () => {
    const networks = [
      { name: "a", subnets: ["10.98.0.0/16"], owner: "swarmyard/staging" },
      { name: "b", subnets: ["10.99.0.0/16"], owner: "swarmyard/local" },
    ];
    const others = [{ subnet: "10.80.0.0/16", portOffset: 3000 }];
    expect(takenByOthers({ networks }, others, "swarmyard/staging")).toEqual({
      subnets: ["10.99.0.0/16", "10.80.0.0/16"],
      offsets: [3000],
    });
  });

  test("is kept by a state that has the network already", () => {
    const state = (...types: string[]) => ({
      deployment: { resources: types.map((type) => ({ type })) },
    });
    expect(hasNetwork(state("docker:index/network:Network"))).toBe(true);
    expect(hasNetwork(state("pulumi:pulumi:Stack", "docker:index/volume:Volume"))).toBe(false);
    expect(hasNetwork({})).toBe(false);
  });
});

describe("the addresses of environments", () => {
  test("local and staging do not collide, and plain pulumi sees the same", async () => {
    const state = temporary();
    await keepAddresses(sessionOf(state, "local"), unasked);
    await keepAddresses(sessionOf(state, "staging"), unasked);
    const first = { subnet: "10.98.0.0/16", portOffset: 0, engine: "debian-13" };
    expect(keptIn(state, "local")).toEqual(first);
    expect(keptIn(state, "staging").subnet).not.toBe("10.98.0.0/16");
    const url = pathToFileURL(join(state, "staging", "backend")).href;
    expect(keptAddresses("staging", { PULUMI_BACKEND_URL: url })).toEqual(keptIn(state, "staging"));
  });

  test("are chosen once: what comes later changes nothing", async () => {
    const state = temporary();
    await keepAddresses(sessionOf(state, "staging"), unasked);
    const first = keptIn(state, "staging");
    await keepAddresses(sessionOf(state, "alice"), unasked);
    await keepAddresses(sessionOf(state, "staging"), unasked);
    expect(keptIn(state, "staging")).toEqual(first);
    expect(keptIn(state, "alice").portOffset).not.toBe(first.portOffset);
  });

  test("of an environment from before stay what its name gives", async () => {
    const state = temporary();
    await keepAddresses(sessionOf(state, "alice"), unasked);
    await keepAddresses(sessionOf(state, "staging", ["docker:index/network:Network"]), unasked);
    expect(keptIn(state, "staging").portOffset).toBe(3000);
  });

  test("with addresses but no Docker engine kept has Debian 12, unless its file says otherwise", async () => {
    const state = temporary();
    const network = ["docker:index/network:Network"];
    for (const stack of ["alice", "bob"]) {
      mkdirSync(join(state, stack));
      const addresses = { subnet: "10.70.0.0/16", portOffset: 7000 };
      writeFileSync(join(state, stack, "addresses.json"), JSON.stringify(addresses));
    }
    await keepAddresses(sessionOf(state, "alice", network), unasked);
    expect(keptIn(state, "alice").engine).toBe("debian-12");
    await keepAddresses(sessionOf(state, "bob", network, { engine: "debian-13" }), unasked);
    await keepAddresses(sessionOf(state, "bob", network), unasked);
    expect(keptIn(state, "bob")).toEqual({
      subnet: "10.70.0.0/16",
      portOffset: 7000,
      engine: "debian-13",
    });
  });

  test("of one that never chose are what its name gives; of a broken file too", () => {
    const state = temporary();
    mkdirSync(join(state, "staging", "backend"), { recursive: true });
    mkdirSync(join(state, "broken"));
    writeFileSync(
      join(state, "broken", "addresses.json"),
      '{"subnet": "here", "portOffset": "x", "engine": "7"}',
    );
    const others = othersIn({ state, cache: "" }, "local");
    expect(others.map(({ portOffset }) => portOffset % 1000)).toEqual([0, 0]);
    expect(others).toContainEqual({ subnet: "10.98.0.0/16", portOffset: 3000 });
    expect(keptIn(state, "broken")).toEqual({});
    expect(othersIn({ state: join(state, "none"), cache: "" }, "local")).toEqual([]);
  });

  test("that a file states are kept as they are; one without local hosts keeps none", async () => {
    const state = temporary();
    const stated = { subnet: "10.70.0.0/16", portOffset: 50, engine: "debian-12" };
    await keepAddresses(sessionOf(state, "local", [], stated), unasked);
    expect(keptIn(state, "local")).toEqual(stated);
    const aws = sessionOf(state, "prod");
    await keepAddresses(
      { ...aws, file: { project: "swarmyard", local: false, aws: true } },
      unasked,
    );
    expect(keptIn(state, "prod")).toEqual({});
  });
});
