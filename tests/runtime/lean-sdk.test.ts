import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const checkout = resolve(__dirname, "../..");

function run(script: string): string {
  const args = ["--require", "./components/runtime/lean-sdk.cjs", "--eval", script];
  return execFileSync(process.execPath, args, { cwd: checkout, encoding: "utf8" }).trim();
}

const compiler =
  "Object.keys(require.cache).some((name) => /node_modules.(typescript.lib|@npmcli.arborist)/.test(name))";

test("the SDK is there without the compiler and npm's tree", () => {
  expect(run(`console.log(typeof require("@pulumi/pulumi").output, ${compiler})`)).toBe(
    "function false",
  );
}, 60_000);

test("functions can still be turned into text: then the compiler is loaded", () => {
  const script = `const { runtime } = require("@pulumi/pulumi");
    runtime.serializeFunction(() => 42).then(({ text }) => console.log(/42/.test(text), ${compiler}));`;
  expect(run(script)).toBe("true true");
}, 60_000);

test("the packages that a function needs can still be found: then npm's tree is loaded", () => {
  const script = `const { runtime } = require("@pulumi/pulumi");
    runtime.computeCodePaths().then((paths) => console.log(paths.size > 0));`;
  expect(run(script)).toBe("true");
}, 60_000);
