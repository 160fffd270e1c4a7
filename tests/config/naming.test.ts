import { describe, expect, test } from "vitest";
import { hostNames } from "../../components/config/environment/naming";
import type { FileGroup } from "../../components/config/schema/file";
import { idleRemovals } from "../../components/model/merge";
import { distance, nearest } from "../../components/model/nearest";
import { pathText } from "../../components/model/problem";

describe("names of hosts", () => {
  const names = (group: FileGroup) => hostNames("vm-clws", "prod", "gpuworker", group);

  test("are numbered from 0", () => {
    expect(names({ count: 2 })).toEqual(["vm-clws-prod-gpuworker-0", "vm-clws-prod-gpuworker-1"]);
  });

  test("do not change when a host is added or removed", () => {
    for (let count = 0; count < 30; count++) {
      expect(names({ count: count + 1 }).slice(0, count)).toEqual(names({ count }));
    }
  });

  test("are the explicit ones when there are any, whichever is removed", () => {
    const explicit = ["red", "green", "blue"];
    for (const gone of explicit) {
      const rest = explicit.filter((name) => name !== gone);
      expect(names({ names: rest })).toEqual(rest);
    }
  });
});

describe("the nearest word", () => {
  test.each([
    ["replcias", ["replicas", "mode"], "replicas"],
    ["label", ["labels", "names"], "labels"],
    ["Manager", ["manager", "worker"], "manager"],
    ["colour", ["count", "role"], undefined],
    ["x", [], undefined],
  ])("of %s in %j is %s", (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  test("counts two exchanged neighbors as one change", () => {
    expect(distance("cuont", "count")).toBe(1);
    expect(distance("", "abc")).toBe(3);
  });
});

describe("merging", () => {
  test("names nulls that remove nothing", () => {
    expect(idleRemovals({ a: { b: 1 } }, { a: { b: null, c: null }, d: null })).toEqual([
      ["a", "c"],
      ["d"],
    ]);
  });
});

test("a path shows names, indices and quoted names", () => {
  const keys = ["services", "api", "mounts", '/da"ta.x', "list", 3, "end"];
  expect(pathText(keys)).toBe('services.api.mounts["/da\\"ta.x"].list[3].end');
});
