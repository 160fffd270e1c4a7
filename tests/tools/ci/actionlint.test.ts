import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(__dirname, "../../..");
const folder = ".github/workflows";

/** From the Go module proxy; Go keeps it in its own cache, outside of the clone. */
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

/** Runs actionlint on files, or with `-` on a text; Go is looked for on `path`. */
function lint(files: readonly string[], input = "", path = process.env.PATH) {
  const env = { ...process.env, PATH: path };
  const { error, status, stdout, stderr } = spawnSync("go", ["run", actionlint, ...files], {
    cwd: root,
    encoding: "utf8",
    env,
    input,
  });
  if (error !== undefined) {
    throw new Error(
      "Go is not on PATH, and without it workflow files are not checked. Install Go 1.21 or newer (https://go.dev/dl).",
      { cause: error },
    );
  }
  // What Go downloads, and why it failed when it did, is in stderr.
  return { status, stdout, stderr };
}

test("actionlint finds a mistake", () => {
  const step = "      - run: echo ${{ github.nothing }}";
  const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${step}\n`;
  const { status, stdout, stderr } = lint(["-"], text);
  expect(stdout, stderr).toContain('property "nothing" is not defined');
  expect(status).toBe(1);
});

test("actionlint has nothing to say about the workflows", () => {
  const files = readdirSync(join(root, folder)).map((name) => join(folder, name));
  expect(files.length).toBeGreaterThan(3);
  const { status, stdout, stderr } = lint(files);
  expect([status, stdout], stderr).toEqual([0, ""]);
});

test("without Go it says what to install", () => {
  expect(() => lint(["-"], "", "/nowhere")).toThrow("Install Go 1.21 or newer");
});
