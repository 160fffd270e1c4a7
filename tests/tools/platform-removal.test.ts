import { describe, expect, test } from "vitest";
import { platformRemoval } from "../../tools/commands/down-platform";
import type { Held } from "../../tools/report/destruction";
import { dependentsOf, goingAt, goingLines, partsOf } from "../../tools/report/platform-parts";

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
