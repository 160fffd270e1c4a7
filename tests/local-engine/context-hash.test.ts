import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contextHash, folderHash, ignoreRules } from "../../components/local-engine/context-hash";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "context-"));
  put("Dockerfile", "FROM debian:12-slim\n");
  put("src/main.py", "print(1)\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test("the hash is the same for the same content in another folder", () => {
  const first = contextHash(folder);
  rmSync(folder, { recursive: true });
  put("src/main.py", "print(1)\n");
  put("Dockerfile", "FROM debian:12-slim\n");
  expect(contextHash(folder)).toBe(first);
});

test.each<[string, () => void]>([
  ["content", () => put("src/main.py", "print(2)\n")],
  ["a new file", () => put("src/more.py", "")],
  ["a removed file", () => rmSync(join(folder, "src/main.py"))],
  ["an executable bit", () => chmodSync(join(folder, "src/main.py"), 0o755)],
  ["a dangling link", () => symlinkSync("nowhere", join(folder, "link"))],
])("the hash changes with %s", (_, change) => {
  const before = contextHash(folder);
  change();
  expect(contextHash(folder)).not.toBe(before);
});

test("the hash changes with build arguments and not with who may read a file", () => {
  const before = contextHash(folder, ["A=1"]);
  expect(contextHash(folder, ["A=2"])).not.toBe(before);
  chmodSync(join(folder, "src/main.py"), 0o600);
  expect(contextHash(folder, ["A=1"])).toBe(before);
});

test("what .dockerignore leaves out changes nothing", () => {
  put(".dockerignore", "# caches\n**/*.pyc\nnode_modules\n/notes/\n!notes/keep.md\n");
  const before = contextHash(folder);
  put("src/main.pyc", "1");
  put("node_modules/deep/file.js", "1");
  put("notes/idea.md", "1");
  expect(contextHash(folder)).toBe(before);
  put("notes/keep.md", "1");
  expect(contextHash(folder)).not.toBe(before);
});

test.each([
  ["*.md", "README.md", true],
  ["*.md", "docs/README.md", false],
  ["**/*.md", "docs/deep/README.md", true],
  ["a?c", "abc", true],
  ["a.c", "abc", false],
  ["docs", "docs/deep/README.md", true],
  ["docs", "docs2/README.md", false],
  ["[^a].md", "b.md", true],
  ["[^a].md", "a.md", false],
  ["[a-c].md", "b.md", true],
  ["Docs", "docs/README.md", false],
  ["c++", "c++/main.cc", true],
  ["a(b)|{c}", "a(b)|{c}", true],
  ["a(b)", "ab", false],
  ["a^b", "a^b", true],
  ["a\\*", "ab", false],
  ["a\\*", "a*", true],
])("rule %s for %s ignores: %s", (rule, path, ignored) => {
  put(".dockerignore", `${rule}\n`);
  expect(ignoreRules(folder)(path)).toBe(ignored);
});

test("what is seeded is hashed as a whole: .dockerignore leaves files out of builds only", () => {
  const plain = folderHash(folder);
  expect(plain).toBe(contextHash(folder));
  put(".dockerignore", "src\n");
  const before = [folderHash(folder), contextHash(folder)];
  put("src/main.py", "print(2)\n");
  expect(contextHash(folder)).toBe(before[1]);
  expect(folderHash(folder)).not.toBe(before[0]);
});
