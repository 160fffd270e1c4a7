import { expect, test } from "vitest";
import { presentIn } from "../../../components/config/platforms/present";
import type { PlatformSpec } from "../../../components/model/platform/spec";
import { readChanged } from "../yard";

const spec: PlatformSpec = {
  folder: "/",
  services: {
    mysql: { image: "mysql", only: ["prod"] },
    web: { image: "web", dependsOn: ["mysql", "cache"] },
    cache: { image: "cache" },
  },
  open: { service: "web", target: 80 },
};

test("a service for other environments is left out, with the references to it", () => {
  const test = presentIn("test", spec);
  expect(Object.keys(test.services)).toEqual(["web", "cache"]);
  expect(test.services.web?.dependsOn).toEqual(["cache"]);
  expect(Object.keys(presentIn("prod", spec).services)).toEqual(["mysql", "web", "cache"]);
  expect(presentIn("prod", spec).services.mysql).toEqual({ image: "mysql" });
});

test("a page of a service that is left out is not opened", () => {
  const opened = { ...spec, open: { service: "mysql", target: 80 } };
  expect(presentIn("test", opened)).not.toHaveProperty("open");
  expect(presentIn("prod", opened).open).toEqual(opened.open);
});

test("GPUs are a reservation, and need a node that has them", () => {
  const gpus = { services: { redis: { gpus: 1 } } };
  const without = readChanged({ spec: gpus });
  expect(without.problems).toMatchObject([{ found: expect.stringContaining("1 NVIDIA-GPU") }]);
  const values = { hosts: { groups: { db: { resources: { "NVIDIA-GPU": 1 } } } } };
  const { environment } = readChanged({ spec: gpus, values });
  const redis = environment?.platforms[0]?.plan.services.redis;
  expect(redis?.resources).toEqual({ reservations: { generic: { "NVIDIA-GPU": 1 } } });
  expect(redis).not.toHaveProperty("gpus");
});
