import { expect, test } from "vitest";
import { unstatedChanges } from "../../../../components/model/service/drift/stated";

const web = { name: "web", image: "web:1" };

test("what somebody changed of a default is reported with both values", () => {
  const found = { ...web, replicas: 3, stopGracePeriod: "1m" };
  expect(unstatedChanges(found, web)).toEqual([
    "found stopGracePeriod: 1m; the program wants 10s, the default",
    "found replicas: 3; the program wants 1, the default",
  ]);
});

test("what the program states, or the swarm has as it should be, is not", () => {
  expect(unstatedChanges({ ...web, replicas: 3 }, { ...web, replicas: 2 })).toEqual([]);
  expect(unstatedChanges({ ...web, replicas: 1 }, web)).toEqual([]);
  expect(unstatedChanges(web, { ...web, replicas: 1 })).toEqual([]);
});
