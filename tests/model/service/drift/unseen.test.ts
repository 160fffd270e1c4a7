import { expect, test } from "vitest";
import { serviceBody } from "../../../../components/model/service/body";
import { observe, sameTasks } from "../../../../components/model/service/decode";
import { withUnseen } from "../../../../components/model/service/drift/unseen";
import { normalise } from "../../../../components/model/service/normalise";

const none = { networks: {}, secrets: {}, configs: {}, labels: {} };
const inputs = (bind: object) =>
  normalise({
    name: "web",
    image: "redis:7",
    mounts: { "/data": { type: "bind", source: "/srv", readOnly: true, bind } },
  });

test("what no Docker engine hands on to swarm is not drift", () => {
  const stated = inputs({ create: true, readOnlyNonRecursive: true });
  const shown = serviceBody(inputs({}), { ...none, image: "redis:7" });
  const known = { inputs: stated, networks: {}, resolvedImage: "redis:7" };
  expect(observe(shown, known)).toEqual(stated);
  expect(sameTasks(shown, serviceBody(stated, { ...none, image: "redis:7" }), known)).toBe(true);
});

test("a mount that is another kind now, or new, is as it is shown", () => {
  const before = { "/data": { type: "bind", source: "/srv", bind: { create: true } } };
  const volume = { "/data": { type: "volume", source: "data" } };
  expect(withUnseen(volume, before)).toEqual(volume);
  const other = { "/other": { type: "bind", source: "/srv" } };
  expect(withUnseen(other, before)).toEqual(other);
  expect(withUnseen(undefined, before)).toBeUndefined();
});
