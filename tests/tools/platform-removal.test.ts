import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { platformRemoval } from "../../tools/commands/down-platform";
import type { Held } from "../../tools/report/destruction";
import {
  dataOf,
  dependentsOf,
  goingAt,
  goingLines,
  partsOf,
} from "../../tools/report/platform-parts";
import { clearScript, foundIn, foundLines, lookScript } from "../../tools/setup/node-data";
import { planned } from "../planned";

describe("the options", () => {
  test("name a platform and a level", () => {
    expect(platformRemoval(["--target", "x"])).toBeUndefined();
    expect(platformRemoval(["--platform", "demo", "--level=clean"])).toEqual({
      platform: "demo",
      level: "clean",
    });
  });

  test.each([
    [["--platform", "demo"], "--platform needs a level: keep, clean, all."],
    [["--platform", "demo", "--level", "some"], "--platform needs a level: keep, clean, all."],
    [["--level", "all"], "--level belongs to --platform."],
    [["--platform", "demo", "--level", "all", "--target", "x"], "Unknown option '--target'"],
  ])("fails: %j", (options, message) => {
    expect(() => platformRemoval(options)).toThrow(message);
  });
});

const urn = (type: string, name: string) => `urn:pulumi:dev::yard::${type}::${name}`;
const root = (name: string): Held => ({
  urn: urn("swarm:platform:Platform", name),
  type: "swarm:platform:Platform",
});
const services = (name: string): Held => ({
  urn: urn("swarm:services:Services", `${name}-services`),
  type: "swarm:services:Services",
});
function part(parent: Held, type: string, name: string, more: Partial<Held> = {}): Held {
  return { urn: urn(type, name), type, parent: parent.urn, inputs: { name }, ...more };
}
const demo = root("demo");
const demoServices = services("demo");
const other = root("demo-other");
const parts = [
  demo,
  part(demo, "swarm:index:Network", "demo_default"),
  part(demo, "swarm:index:Secret", "demo_key"),
  part(demo, "swarm:index:Volume", "demo_data"),
  part(demo, "command:remote:Command", "demo-seed-data"),
  demoServices,
  part(demoServices, "swarm:index:Service", "demo_web"),
  part(demoServices, "swarm:index:Service", "demo_api"),
  part(demoServices, "swarm:index:Rollout", "demo-rollout"),
];
const foreign = part(other, "swarm:index:Service", "other_web", {
  dependencies: [urn("swarm:index:Network", "demo_default")],
});
const all = [...parts, other, services("demo-other"), foreign];

describe("the parts of a platform", () => {
  test("are those below its two components, whatever others are called", () => {
    expect(partsOf("demo", all)).toEqual(parts);
    expect(partsOf("nowhere", all)).toEqual([]);
  });

  test("go by level, and are counted", () => {
    const types = (level: "keep" | "clean") =>
      goingAt(level, parts).map(({ urn: one }) => one?.split("::").at(-1));
    const running = ["demo_default", "demo_web", "demo_api", "demo-rollout"];
    expect(types("keep")).toEqual(running);
    expect(types("clean")).toEqual([
      "demo_default",
      "demo_data",
      "demo-seed-data",
      "demo_web",
      "demo_api",
      "demo-rollout",
    ]);
    expect(goingAt("all", parts)).toEqual(parts);
    expect(goingLines(goingAt("all", parts))).toEqual([
      "  2 services: demo_web, demo_api",
      "  1 network: demo_default",
      "  1 secret: demo_key",
    ]);
  });

  test("are missed by what else uses them", () => {
    expect(dependentsOf(goingAt("keep", parts), all)).toEqual(["other_web"]);
    expect(dependentsOf(goingAt("keep", parts), parts)).toEqual([]);
  });
});

test("data is in volumes, on the share and in bound directories; other data stays", () => {
  const bind = (device: string) => ({ driverOptions: { type: "none", o: "bind", device } });
  const plan = planned("demo", {
    volumes: {
      plain: {},
      slots: { name: "data-{{.Task.Slot}}" },
      shared: { shared: true },
      bound: bind("/srv/demo"),
      top: bind("/srv"),
      nfs: { driverOptions: { type: "nfs", o: "addr=10.0.0.1", device: ":/data" } },
      out: { external: true, name: "blue_data" },
    },
    directories: { "/srv/db": {} },
  });
  expect(dataOf(plan)).toEqual({
    volumes: ["demo_plain", "data-*", "demo_shared", "demo_bound", "demo_top", "demo_nfs"],
    shared: ["/mnt/share/demo/shared"],
    bound: ["/srv/demo"],
    stays: [
      "blue_data, which is external",
      "what demo_nfs mounts from elsewhere",
      "/srv, which is at the top of the nodes",
      "/srv/db, which is not a volume",
    ],
  });
});

describe("on a node", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const log = () => fs.readFileSync(path.join(folder, "log"), "utf8");

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "node-data-"));
    fs.mkdirSync(path.join(folder, "bin"));
    // Plays the docker command with two volumes.
    const docker = `#!/bin/bash
echo "$*" >> ${folder}/log
case "$1 $2" in
  "volume ls") printf 'demo_data\\ndemo-dataX\\ndata-1\\nother\\n' ;;
  "volume inspect") echo ${folder}/data ;;
esac
`;
    fs.writeFileSync(path.join(folder, "bin/docker"), docker, { mode: 0o755 });
    fs.mkdirSync(path.join(folder, "data"));
    env = { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` };
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  const run = (script: string) => execFileSync("bash", ["-c", script], { env, encoding: "utf8" });
  const data = () => ({
    volumes: ["demo.data", "data-*"],
    folders: [path.join(folder, "it's shared"), path.join(folder, "nowhere")],
  });

  test("volumes and folders are found with their size, and only those", () => {
    fs.mkdirSync(path.join(folder, "it's shared/.deep/er"), { recursive: true });
    fs.writeFileSync(path.join(folder, "it's shared/.deep/er/file"), "x".repeat(2e6));
    const volumes = ["demo_data", "data-*"];
    const found = foundIn(run(lookScript({ ...data(), volumes })));
    expect(found.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "volume demo_data",
      "volume data-1",
      `folder ${folder}/it's shared`,
    ]);
    expect(found[2]?.bytes).toBeGreaterThan(2e6);
    const two = new Map([
      ["a", found.slice(0, 1)],
      ["b", [...found.slice(0, 1), ...found.slice(2)]],
    ]);
    expect(foundLines(two).map((line) => line.replace(/: .*/, ""))).toEqual([
      "  volume demo_data on 2 nodes",
      `  folder ${folder}/it's shared`,
    ]);
    expect(run(lookScript({ volumes: [], folders: [] }))).toBe("");
  });

  test("a dot in a name is a dot", () => {
    fs.rmSync(path.join(folder, "log"), { force: true });
    run(clearScript({ volumes: ["demo.data"], folders: [] }, true));
    expect(log()).not.toContain("volume rm");
  });

  test("a clean slate removes volumes and empties folders", () => {
    fs.rmSync(path.join(folder, "log"), { force: true });
    run(clearScript({ ...data(), volumes: ["demo_data"] }, false));
    expect(fs.readdirSync(path.join(folder, "it's shared"))).toEqual([]);
    expect(log()).toContain("volume rm demo_data");
    expect(log()).not.toContain("volume rm data-1");
  });

  test("removing everything takes the folders too", () => {
    run(clearScript(data(), true));
    expect(fs.existsSync(path.join(folder, "it's shared"))).toBe(false);
  });
});
