import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const checkout = resolve(__dirname, "../..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-code-"));
  cpSync(join(checkout, "components/runtime"), join(folder, "components/runtime"), {
    recursive: true,
  });
  mkdirSync(join(folder, "node_modules/part"), { recursive: true });
  for (const name of ["tsx", "esbuild", "get-tsconfig", "resolve-pkg-maps", "@esbuild"]) {
    symlinkSync(join(checkout, "node_modules", name), join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, "node_modules/part/index.js"), "exports.text = 'é one';\n");
  writeFileSync(join(folder, "main.ts"), 'console.log(require("part").text, __filename);\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command = (file: string) => ["--require", "./components/runtime/typescript.cjs", file];

function run(file = "main.ts"): string {
  return execFileSync(process.execPath, command(file), {
    cwd: folder,
    encoding: "utf8",
    stdio: "pipe",
  });
}

const cache = () => join(folder, "node_modules/.cache/swarmyard");
const packs = () => readdirSync(cache()).filter((name) => name.endsWith(".pack"));
const expected = (text: string) => `${text} ${join(folder, "main.ts")}\n`;

test("once all is translated and kept, a run is the same as before and writes nothing", () => {
  expect([run(), run()]).toEqual([expected("é one"), expected("é one")]);
  const [pack] = packs() as [string];
  const written = statSync(join(cache(), pack)).mtimeMs;
  expect(run()).toBe(expected("é one"));
  expect(packs()).toEqual([pack]);
  expect(statSync(join(cache(), pack)).mtimeMs).toBe(written);
}, 60_000);

test("a changed file of a package and a changed file of ours are seen", () => {
  run();
  const part = join(folder, "node_modules/part/index.js");
  writeFileSync(part, "exports.text = 'é two';\n");
  utimesSync(part, 1, 1);
  expect(run()).toBe(expected("é two"));
  writeFileSync(join(folder, "main.ts"), 'console.log("ours", __filename);\n');
  expect(run()).toBe(expected("ours"));
}, 60_000);

test("a package that npm moved is found where it is now", () => {
  const lock = join(folder, "node_modules/.package-lock.json");
  writeFileSync(lock, "{}");
  mkdirSync(join(folder, "lib/node_modules"), { recursive: true });
  writeFileSync(join(folder, "lib/user.ts"), 'console.log(require("part").text);\n');
  expect(run("lib/user.ts")).toBe("é one\n");
  mkdirSync(join(folder, "lib/node_modules/part"));
  writeFileSync(join(folder, "lib/node_modules/part/index.js"), "exports.text = 'nearer';\n");
  writeFileSync(lock, "{ }");
  expect(run("lib/user.ts")).toBe("nearer\n");
}, 60_000);

test("a removed package is reported as removed", () => {
  run();
  rmSync(join(folder, "node_modules/part"), { recursive: true });
  expect(() => run()).toThrow(/part/);
}, 60_000);

test.each([
  ["half of it is missing", (whole: Buffer) => whole.subarray(0, whole.length / 2)],
  [
    "V8 refuses its code",
    (whole: Buffer) => whole.map((byte, at) => (at > 900 && byte > 127 ? 0 : byte)),
  ],
  ["it is not a pack", () => Buffer.from("\n")],
])(
  "a pack is of no harm when %s",
  (_, damage) => {
    run();
    const file = join(cache(), packs()[0] as string);
    const good = readFileSync(file);
    writeFileSync(file, damage(good));
    expect(run()).toContain("one");
  },
  60_000,
);

test("works where the cache cannot be written", () => {
  writeFileSync(join(folder, "node_modules/.cache"), "a file in the place of the folder");
  chmodSync(join(folder, "node_modules/.cache"), 0o400);
  expect([run(), run()]).toEqual([expected("é one"), expected("é one")]);
}, 60_000);

test("several runs side by side leave one whole pack", async () => {
  const all = await Promise.all(
    Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, command("main.ts"), { cwd: folder }),
    ),
  );
  expect(new Set(all.map(({ stdout }) => stdout))).toEqual(new Set([expected("é one")]));
  expect(packs()).toHaveLength(1);
  expect(readdirSync(cache()).filter((name) => /\.\d+$/.test(name))).toEqual([]);
}, 60_000);

test("an error in a kept package names its line, with columns as in the file", () => {
  writeFileSync(join(folder, "node_modules/part/index.js"), "throw new Error('here');\n");
  for (const _ of ["compiled", "kept"]) {
    expect(() => run()).toThrow(/part\/index\.js:1:7/);
  }
}, 60_000);

test("a file gets what node gives it", () => {
  writeFileSync(
    join(folder, "node_modules/part/index.js"),
    "exports.text = [this === exports, module.parent.filename === require.main.filename, require.resolve('./index') === __filename, module.loaded, __filename in require.cache].join();\n",
  );
  for (const _ of ["compiled", "kept"]) {
    expect(run()).toBe(expected("true,true,true,false,true"));
  }
}, 60_000);
