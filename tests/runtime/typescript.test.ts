import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
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
  mkdirSync(join(folder, "components/runtime"), { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  const loader = readdirSync(join(checkout, "components/runtime")).filter((name) =>
    name.endsWith(".cjs"),
  );
  for (const name of loader) {
    copyFileSync(
      join(checkout, "components/runtime", name),
      join(folder, "components/runtime", name),
    );
  }
  for (const name of ["tsx", "esbuild", "get-tsconfig", "resolve-pkg-maps", "@esbuild"]) {
    symlinkSync(join(checkout, "node_modules", name), join(folder, "node_modules", name));
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(file: string): string {
  const args = ["--require", "./components/runtime/typescript.cjs", file];
  const env = { ...process.env, SWARMYARD_DEBUG: "1" };
  return execFileSync(process.execPath, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: "pipe",
  });
}

function kept(): readonly string[] {
  return readdirSync(join(folder, "node_modules/.cache/swarmyard"));
}

test("loads TypeScript, caches the translation, and notices a change", () => {
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

test("cached code holds no paths: another copy of the checkout sees its own", () => {
  writeFileSync(join(folder, "main.ts"), "console.log(__filename, __dirname);\n");
  const own = `${join(folder, "main.ts")} ${folder}\n`;
  expect([run("main.ts"), run("main.ts")]).toEqual([own, own]);
  const code = kept().map((name) =>
    readFileSync(join(folder, "node_modules/.cache/swarmyard", name), "utf8"),
  );
  expect(code.join()).not.toContain(folder);
}, 60_000);

test("with SWARMYARD_DEBUG an error names the line of the source, even for cached code", () => {
  writeFileSync(join(folder, "main.ts"), "interface A {\n  a: 1;\n}\n\nthrow new Error('here');\n");
  for (const _ of ["translated", "kept"]) {
    expect(() => run("main.ts")).toThrow(/main\.ts:5/);
  }
}, 60_000);
