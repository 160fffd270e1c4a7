import { describe, expect, test } from "vitest";
import {
  changesBetween,
  hasUnknown,
  memberPath,
  sameValue,
  topLevel,
} from "../../components/model/paths";
import { UNKNOWN } from "../../components/model/values";

describe("paths", () => {
  test("are written as Pulumi writes them", () => {
    expect(memberPath("", "env")).toBe("env");
    expect(memberPath("env", "LOG_LEVEL")).toBe("env.LOG_LEVEL");
    expect(memberPath("labels", "com.docker.x")).toBe('labels["com.docker.x"]');
    expect(memberPath("ports", 0)).toBe("ports[0]");
  });

  test("know their first property", () => {
    expect(topLevel('labels["a.b"].c')).toBe("labels");
    expect(topLevel("ports[0].target")).toBe("ports");
    expect(topLevel('["a.b"].c')).toBe("a.b");
  });
});

describe("changesBetween", () => {
  const old = { name: "a", env: { A: "1", B: "2" }, list: ["x", "y"] };

  test("goes down to the leaf", () => {
    const news = { name: "a", env: { A: "9", C: "3" }, list: ["x"] };
    const changes = changesBetween(old, news, "", (path) => topLevel(path) === "list");
    expect(changes).toEqual([
      { path: "env.A", kind: "update", replace: false },
      { path: "env.B", kind: "delete", replace: false },
      { path: "env.C", kind: "add", replace: false },
      { path: "list[1]", kind: "delete", replace: true },
    ]);
  });

  test("takes an unknown value for a change, and undefined for absent", () => {
    expect(sameValue(old, { ...old, more: undefined })).toBe(true);
    expect(sameValue({ a: UNKNOWN }, { a: UNKNOWN })).toBe(false);
    expect(hasUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(hasUnknown(old)).toBe(false);
  });

  test("does not mind the order of keys", () => {
    expect(sameValue({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  });
});
