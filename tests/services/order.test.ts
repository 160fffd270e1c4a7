import { describe, expect, test } from "vitest";
import { inDependencyOrder, waitedFor } from "../../components/services/order";

describe("inDependencyOrder", () => {
  test("puts each service after what it depends on", () => {
    const specs = {
      web: { dependsOn: ["api"] },
      api: { dependsOn: ["redis"] },
      redis: {},
      other: {},
    };
    expect(inDependencyOrder(specs)).toEqual(["redis", "api", "web", "other"]);
  });

  test("fails on a circle and names it", () => {
    const specs = { a: { dependsOn: ["b"] }, b: { dependsOn: ["a"] } };
    expect(() => inDependencyOrder(specs)).toThrow(
      "services depend on each other in a circle: a -> b -> a",
    );
  });
});

test("waitedFor contains exactly what another service depends on", () => {
  const specs = { web: { dependsOn: ["api", "redis"] }, api: { dependsOn: ["redis"] }, redis: {} };
  expect([...waitedFor(specs)].sort()).toEqual(["api", "redis"]);
});
