import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sweep } from "../../tools/commands/sweep";
import { privateFolder, removeStackFolder, stateId } from "../../tools/setup/folders";
import { heal } from "../../tools/setup/heal";
import { Progress } from "../../tools/setup/progress";
import type { Stack } from "../../tools/setup/stack";

// It would start a Docker engine where none answers.
vi.mock("../../tools/setup/engine", () => ({ ensureEngine: async () => ({}) }));

let folder: string;
let said: string[];
const progress = () => new Progress({ write: (text) => said.push(text) });
const folders = () => ({ cache: join(folder, "cache"), state: join(folder, "state") });

/** A docker that knows one container, network, node's volume and share, and notes what it removes. */
function fakeDocker(state: string): void {
  const script = `#!/bin/sh
case "$1 $2 $*" in
  "ps -a"*) echo "c1 swarmyard-prod-node" ;;
  "network ls"*CreatedAt*) printf 'n1\\tswarmyard-prod\\t${state}\\t2026-11-01 10:00:00 +0000 UTC\\n' ;;
  "network ls"*) echo "n1 swarmyard-prod" ;;
  "volume ls"*swarmyard.kind=share*) echo "swarmyard-prod-share" ;;
  "volume ls"*swarmyard.state*) printf 'swarmyard-prod-share\\tswarmyard-prod-share\\t${state}\\t\\n' ;;
  "volume ls"*) printf 'swarmyard-prod-node swarmyard-prod-node\\nswarmyard-prod-share swarmyard-prod-share\\n' ;;
  *" rm "*|"rm "*) echo "$*" >> "${folder}/removed" ;;
esac
`;
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", "docker"), script);
  chmodSync(join(folder, "bin", "docker"), 0o755);
}

const removed = () => {
  const file = join(folder, "removed");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").sort() : [];
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sweep-"));
  said = [];
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env.PATH}`);
  vi.stubEnv("SWARMYARD_STATE", folders().state);
  vi.stubEnv("SWARMYARD_CACHE", folders().cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

// Pulumi.prod.yaml declares its data to be kept.
const prod = { command: "down", stack: "prod", sweep: true, rest: [] } as const;

describe("a sweep", () => {
  test("names data that is kept and leaves it, and removes it with --data", async () => {
    fakeDocker("");
    await sweep(prod, progress());
    const others = ["network rm n1", "rm --force --volumes c1", "volume rm swarmyard-prod-node"];
    expect(removed()).toEqual(others);
    expect(said.join("")).toContain(
      "volume swarmyard-prod-share. To remove that too, run: npm run down -- -s prod --sweep --data\n",
    );
    await sweep({ ...prod, data: true }, progress());
    expect(removed()).toContain("volume rm swarmyard-prod-share");
  });

  test("asks before it removes what another state folder made; with --yes it does not", async () => {
    fakeDocker("feedfeedfeedfeed");
    await expect(sweep(prod, progress())).rejects.toThrow("npm run down -- -s prod --sweep --yes");
    expect(said.join("")).toContain(
      "network swarmyard-prod was created from state folder feedfeedfeedfeed on 2026-11-01 10:00",
    );
    expect(removed()).toEqual([]);
    await sweep({ ...prod, yes: true }, progress());
    expect(removed()).toHaveLength(3);
  });

  test("asks nothing about what this state folder made, or what is from before there was an id", async () => {
    fakeDocker(stateId(folders()));
    await sweep(prod, progress());
    expect(removed()).toHaveLength(3);
  });
});

test("a run does not take the environment of another state folder for what a killed run left", async () => {
  fakeDocker("feedfeedfeedfeed");
  const deployment = { resources: [] };
  for (const exists of [true, false]) {
    const stack = {
      name: "prod",
      local: true,
      exists: () => exists,
      peek: async () => ({ deployment }),
    };
    const healed = heal(stack as unknown as Stack, "swarmyard", folders(), progress());
    await expect(healed).rejects.toThrow(
      /not created from your state folder[\s\S]*-s mine\n.*npm run down -- -s prod --sweep$/,
    );
  }
  expect(removed()).toEqual([]);
});

test("the state folder's id stays the same, only its user can read it, and it goes with the last environment", () => {
  const id = stateId(folders());
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(stateId(folders())).toBe(id);
  const { mode } = statSync(join(folders().state, ".id"));
  expect(mode & 0o777).toBe(0o600);
  privateFolder(join(folders().state, "one"));
  removeStackFolder(folders(), "two");
  expect(stateId(folders())).toBe(id);
  removeStackFolder(folders(), "one");
  expect(existsSync(folders().state)).toBe(false);
});

test("a folder of secrets is closed to others also when it was open before", () => {
  const open = join(folder, "open");
  mkdirSync(open, { mode: 0o755 });
  chmodSync(open, 0o755);
  privateFolder(open);
  expect(statSync(open).mode & 0o777).toBe(0o700);
});
