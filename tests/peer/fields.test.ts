import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";

const types = createRequire(__filename).resolve("@pulumi/docker/types/input.d.ts");
const declarations = readFileSync(types, "utf8");

/** Fields of an input type of @pulumi/docker. */
function fieldsOf(name: string): readonly string[] {
  const body = new RegExp(`^export interface ${name} \\{$(.*?)^\\}$`, "ms").exec(declarations)?.[1];
  return [...(body ?? "").matchAll(/^ {4}(\w+)\??:/gm)].map(([, field = ""]) => field);
}

const lacking = [
  ["ServiceTaskSpecContainerSpec", "command", "tty"],
  ["ServiceTaskSpecContainerSpec", "env", "openStdin"],
  ["ServiceTaskSpecContainerSpec", "env", "ulimits"],
  ["ServiceTaskSpecResourcesLimits", "nanoCpus", "pids"],
  ["ServiceMode", "replicated", "replicatedJob"],
  ["ServiceMode", "global", "globalJob"],
] as const;

test.each(lacking)("%s of @pulumi/docker has %s… and no %s", (type, known, missing) => {
  const fields = fieldsOf(type);
  expect(fields.some((field) => field.startsWith(known))).toBe(true);
  const sentence = `@pulumi/docker now has ${missing} in ${type}; Service can go back to it when it has all fields`;
  expect(fields, sentence).not.toContain(missing);
});
