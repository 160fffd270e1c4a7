import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const checkout = resolve(__dirname, "../..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "typescript-"));
  mkdirSync(join(folder, "tools"));
  mkdirSync(join(folder, "node_modules"));
  copyFileSync(join(checkout, "tools/typescript.cjs"), join(folder, "tools/typescript.cjs"));
  for (const name of ["tsx", "esbuild", "get-tsconfig", "resolve-pkg-maps", "@esbuild"]) {
    symlinkSync(join(checkout, "node_modules", name), join(folder, "node_modules", name));
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(file: string): string {
  const args = ["--require", "./tools/typescript.cjs", file];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

function kept(): readonly string[] {
  return readdirSync(join(folder, "node_modules/.cache/swarmyard"));
}

test("loads TypeScript, keeps what was translated, and sees a change", () => {
  writeFileSync(join(folder, "part.ts"), "export const number: number = 1;\n");
  writeFileSync(
    join(folder, "main.ts"),
    'import { number } from "./part";\nconsole.log(number, Object.keys(require.cache).some((name) => name.includes("tsx/dist")));\n',
  );
  expect(run("main.ts")).toBe("1 true\n");
  expect(kept()).toHaveLength(2);
  // Nothing changed: tsx is not even loaded.
  expect(run("main.ts")).toBe("1 false\n");
  writeFileSync(join(folder, "part.ts"), "export const number: number = 2;\n");
  expect(run("main.ts")).toBe("2 true\n");
  expect(kept()).toHaveLength(3);
}, 60_000);

test("an error names the line of the source, also when it was kept", () => {
  writeFileSync(join(folder, "main.ts"), "interface A {\n  a: 1;\n}\n\nthrow new Error('here');\n");
  for (const _ of ["translated", "kept"]) {
    expect(() => run("main.ts")).toThrow(/main\.ts:5/);
  }
}, 60_000);
