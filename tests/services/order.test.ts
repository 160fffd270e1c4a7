import { describe, expect, test } from "vitest";
import { inDependencyOrder, waitedFor } from "../../components/services/order";

describe("inDependencyOrder", () => {
  test("puts each service after what it depends on", () => {
    const specs = {
      web: { dependsOn: { api: "healthy" } },
      api: { dependsOn: { redis: "started" } },
      redis: {},
      other: {},
    } as const;
    expect(inDependencyOrder(specs)).toEqual(["redis", "api", "web", "other"]);
  });

  test("fails on a circle and names it", () => {
    const a = { dependsOn: { b: "healthy" } } as const;
    const b = { dependsOn: { a: "healthy" } } as const;
    expect(() => inDependencyOrder({ a, b })).toThrow(
      "services depend on each other in a circle: a -> b -> a",
    );
  });
});

test("waitedFor contains exactly what another service depends on, with the stronger condition", () => {
  const specs = {
    web: { dependsOn: { api: "started", redis: "started", migrate: "completed" } },
    api: { dependsOn: { redis: "healthy" } },
    worker: { dependsOn: { redis: "started" } },
    redis: {},
  } as const;
  expect(Object.fromEntries(waitedFor(specs))).toEqual({
    api: "started",
    redis: "running",
    migrate: "running",
  });
});
