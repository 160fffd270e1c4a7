import { describe, expect, test } from "vitest";
import { z } from "zod";
import { awsGroupKeys, fileSchema, sshGroupKeys } from "../../components/config/schema/file";
import { platformSchema } from "../../components/config/schema/platform";
import { serviceSchema } from "../../components/config/schema/service";
import { rounds } from "./case";
import { formsIn, formsOf } from "./forms";
import * as hosts from "./hosts";
import * as platform from "./platform";
import * as services from "./services";

type Reasons = { readonly [form: string]: string };

/** Expects that values use every form of a schema, or that a reason says why one does not. */
function expectComplete(schema: z.ZodType, values: readonly unknown[], reasons: Reasons): void {
  const used = new Set(values.flatMap((value) => formsIn(schema, value)));
  const missing = formsOf(schema).filter((form) => !used.has(form));
  expect(missing.sort()).toEqual(Object.keys(reasons).sort());
}

const group = z.strictObject(fileSchema.shape.hosts.shape.groups.valueType.shape);

describe("the matrix has every form of", () => {
  test("a service", () => {
    const values = rounds.flatMap((round) => Object.values(services.servicesIn(round)));
    expectComplete(serviceSchema, values, services.impossible);
  });

  test("a platform", () => {
    const schema = platformSchema.omit({ services: true });
    const values = rounds.map((round) => ({ ...platform.platformIn(round), services: undefined }));
    expectComplete(schema, values, platform.impossible);
  });

  test("a group of hosts", () => {
    const others: readonly string[] = [...awsGroupKeys, ...sshGroupKeys];
    const ours = Object.keys(group.shape).filter((key) => !others.includes(key));
    const mask = Object.fromEntries(ours.map((key) => [key, true as const]));
    const values = rounds.flatMap((round) => Object.values(hosts.groupsIn(round)));
    expectComplete(group.pick(mask as never), values, hosts.impossible);
  });
});

test("a field that is in the schema and not in the matrix is noticed", () => {
  const schema = z.strictObject({ ...serviceSchema.shape, isolation: z.string().optional() });
  const values = Object.values(services.servicesIn("first"));
  expect(() => expectComplete(schema, values, services.impossible)).toThrow();
  expect(formsOf(schema)).toContain("isolation");
});

test("forms are words, truth values, alternatives and members", () => {
  const schema = z.strictObject({
    a: z.enum(["x", "y"]).optional(),
    b: z.record(z.string(), z.union([z.string(), z.null()])),
    c: z.array(z.strictObject({ d: z.boolean() })),
  });
  expect(formsOf(schema)).toEqual([
    "a = x",
    "a = y",
    "b.*",
    "b.* = null",
    "c[].d = true",
    "c[].d = false",
  ]);
  const value = { a: "y", b: { one: null }, c: [{ d: true }] };
  expect(formsIn(schema, value)).toEqual(["a = y", "b.* = null", "c[].d = true"]);
});
