import { beforeAll, describe, expect, test } from "vitest";
import { misuses, readTypes, type Typed } from "./misuse";

const example = "tests/architecture/example.ts";
const text = `import * as pulumi from "@pulumi/pulumi";
declare const name: pulumi.Output<string>;
declare const input: pulumi.Input<string> | undefined;
declare function work(): Promise<void>;
export const wrong = [
  \`a \${name}\`,
  \`b \${input}\`,
  "c" + name,
  name + "d",
];
export const right = [pulumi.interpolate\`e \${name}\`, pulumi.concat("f", name), \`g \${wrong.length}\`];
export let sum = "";
sum += name;
work();
work().finally(() => undefined);
void work();
work().catch(() => undefined);
work().then(() => undefined, () => undefined);
export const kept = work();
export async function waits() {
  await work();
}
`;

/** Reading all types takes 15 s of CPU time, which is minutes where much else runs. */
const patience = 300_000;

let types: Typed;
beforeAll(() => {
  types = readTypes({ [example]: text });
}, patience);

/** Mistakes that the compiler lets pass: the text would be that of a warning, the error nobody's. */
describe("misuse", { timeout: patience }, () => {
  test("is found, with its line", () => {
    const file = types.files.find(({ fileName }) => fileName.endsWith(example));
    const found = file === undefined ? [] : misuses(file, types.checker);
    expect(found.map((line) => line.replace(`${example}:`, ""))).toEqual([
      "6: an Output in a template literal",
      "7: an Output in a template literal",
      "8: an Output beside +",
      "9: an Output beside +",
      "13: an Output beside +",
      "14: a promise that nobody waits for",
      "15: a promise that nobody waits for",
    ]);
  });

  test("is nowhere", () => {
    const own = types.files.filter(({ fileName }) => !fileName.endsWith(example));
    expect(own.length).toBeGreaterThan(300);
    expect(own.flatMap((file) => misuses(file, types.checker))).toEqual([]);
  });
});
