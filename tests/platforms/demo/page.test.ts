import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { platform } from "../../../platforms/demo";

// The page's modules run in a browser; the pure ones are loaded here as they are.
const load = (file: string) =>
  import(pathToFileURL(join(platform.folder, "images/web/page", file)).href);
let format: Awaited<ReturnType<typeof load>>;
let arrange: (parts: object[]) => Map<string, Map<string, object[]>>;

beforeAll(async () => {
  format = await load("format.js");
  arrange = (await load("stage.js")).arrange;
});

describe("how numbers read", () => {
  test.each([
    [-20, "0 ms"],
    [212.4, "212 ms"],
    [1440, "1.4 s"],
    [42_300, "42 s"],
    [190_000, "3 min"],
  ])("%d ms reads %s", (ms, text) => {
    expect(format.duration(ms)).toBe(text);
  });

  test("counts in words", () => {
    expect(format.count(1, "file", "files")).toBe("1 file");
    expect(format.count(1200, "file", "files")).toBe("1,200 files");
  });

  test.each([
    [900, "900 B"],
    [1864, "1.8 KB"],
    [116_000, "113 KB"],
    [3_400_000, "3.2 MB"],
  ])("%d bytes read %s", (size, text) => {
    expect(format.bytes(size)).toBe(text);
  });

  test("finds the middle, and none of nothing", () => {
    expect(format.median([900, 100, 200])).toBe(200);
    expect(format.median([100, 300])).toBe(200);
    expect(format.median([])).toBeUndefined();
  });
});

describe("the sparkline", () => {
  test("sums neighbors", () => {
    expect(format.smooth([1, 0, 2, 1], 2)).toEqual([1, 1, 2, 3]);
  });

  test("stays in its box, the highest value on top", () => {
    const { line, area } = format.sparkline([0, 4, 2], 200, 40);
    expect(line).toBe("M0.0 38.0L100.0 4.0L200.0 21.0");
    expect(area).toBe(`${line}L200 40L0 40Z`);
  });

  test("draws a flat line when nothing happened", () => {
    expect(format.sparkline([0, 0], 10, 40).line).toBe("M0.0 38.0L10.0 38.0");
  });
});

describe("the stage", () => {
  const part = (label: string, node: string, name: string, slot: string) => ({
    label,
    node,
    part: name,
    slot,
  });
  const tasks = (parts: object[], label: string, node: string) =>
    arrange(parts).get(label)?.get(node);

  test("shows the four labels even when nothing runs", () => {
    expect([...arrange([]).keys()]).toEqual(["platform", "db", "agent", "service"]);
  });

  test("groups by label and node, tasks in the order of their slots", () => {
    const second = part("agent", "a-1", "agent", "2");
    const tenth = part("agent", "a-1", "agent", "10");
    const first = part("agent", "a-0", "agent", "1");
    expect(tasks([tenth, second, first], "agent", "a-1")).toEqual([second, tenth]);
    expect(tasks([tenth, second, first], "agent", "a-0")).toEqual([first]);
  });

  test("puts the parts of a node in the order of a job's way", () => {
    const api = part("platform", "p-0", "api", "1");
    const web = part("platform", "p-0", "web", "1");
    expect(tasks([api, web], "platform", "p-0")).toEqual([web, api]);
  });

  test("gives an unknown label its own column", () => {
    const model = part("gpu", "g-0", "model", "1");
    expect(tasks([model], "gpu", "g-0")).toEqual([model]);
  });
});
