import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../components/model/values";
import { newlySecret, unwrap, wrap } from "../../../components/provider/protocol/marshal";

const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const struct = (value: object) =>
  Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);

describe("unwrap and wrap", () => {
  test("give back what the Pulumi engine sent, with secrets and unknowns inside maps", () => {
    const sent = {
      name: "a",
      nothing: null,
      env: { "a.b": secret("s"), B: UNKNOWN_TEXT, C: "c" },
      whole: secret({ x: 1, list: [true] }),
    };
    const { value, secrets } = unwrap(struct(sent));
    expect(value).toEqual({
      name: "a",
      nothing: null,
      env: { "a.b": "s", B: UNKNOWN, C: "c" },
      whole: { x: 1, list: [true] },
    });
    expect([...secrets].sort()).toEqual(['env["a.b"]', "whole"]);
    expect(wrap(value, secrets).toJavaScript()).toEqual(sent);
  });

  test("marks a list with a secret item as secret, so that its order may change", () => {
    const { value, secrets } = unwrap(struct({ hosts: [{ key: secret("s") }, "b"] }));
    expect(value).toEqual({ hosts: [{ key: "s" }, "b"] });
    expect([...secrets]).toEqual(["hosts"]);
    const reordered = { hosts: ["b", { key: "s" }] };
    expect(wrap(reordered, secrets).toJavaScript()).toEqual({ hosts: secret(["b", { key: "s" }]) });
  });

  test("keeps a value both secret and unknown", () => {
    const sent = { token: secret(UNKNOWN_TEXT) };
    const { value, secrets } = unwrap(struct(sent));
    expect(value).toEqual({ token: UNKNOWN });
    expect(wrap(value, secrets).toJavaScript()).toEqual(sent);
  });

  test("takes every type's unknown", () => {
    const sent = {
      list: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      flags: ["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
    };
    expect(unwrap(struct(sent)).value).toEqual({ list: UNKNOWN, flags: [UNKNOWN] });
  });

  test("omits undefined values", () => {
    expect(wrap({ a: undefined, b: 1 }, new Set()).toJavaScript()).toEqual({ b: 1 });
  });
});

describe("newlySecret", () => {
  test("names the values that the state has in clear, and only those", () => {
    const state = { data: "d", env: { A: "1", B: "2" }, file: { key: "k" } };
    const news = new Set(["data", "env.A", "file.key", "absent"]);
    expect(newlySecret(news, new Set(["data", "file"]), state)).toEqual(["env.A"]);
  });
});
