import { expect, test } from "vitest";
import type { NodeSpec } from "../../../components/engine/live";
import { BEFORE_LABEL, visibleLabels } from "../../../components/model/ownership";
import { drained, leftDrained, restored } from "../../../tools/upgrade/availability";

const spec = (
  Availability: NodeSpec["Availability"],
  Labels: NodeSpec["Labels"] = {},
): NodeSpec => ({
  Role: "worker",
  Availability,
  Labels,
});

test.each(["active", "pause", "drain"] as const)(
  "a node that was %s before is so again",
  (before) => {
    const during = drained(spec(before, { db: "true" }));
    expect(during).toEqual(spec("drain", { db: "true", [BEFORE_LABEL]: before }));
    expect(restored(during)).toEqual(spec(before, { db: "true" }));
  },
);

test("an upgrade that goes on after an interruption knows what was before the first one", () => {
  expect(restored(drained(drained(spec("active", null))))).toEqual(spec("active"));
});

test("a node that somebody else drained stays drained", () => {
  expect(restored(spec("drain", { db: "true" }))).toEqual(spec("drain", { db: "true" }));
});

test("the note does not show as drift", () => {
  expect(visibleLabels(drained(spec("active", { db: "true" })).Labels)).toEqual({ db: "true" });
});

test("nodes that an interrupted upgrade left drained are found, but for those that are upgraded", () => {
  const node = (Hostname: string, Spec: NodeSpec) => ({ Description: { Hostname }, Spec });
  const nodes = [
    node("w-0", drained(spec("active"))),
    node("w-1", drained(spec("active"))),
    node("w-2", spec("drain")),
    node("w-3", spec("active")),
  ];
  expect(leftDrained(nodes, [{ host: "w-1" }])).toEqual(["w-0"]);
});
