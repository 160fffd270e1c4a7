import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rootShell, rootStream } from "../../components/engine/root-shell";

const folder = mkdtempSync(join(tmpdir(), "swarmyard-sudo-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A sudo that asks for `word` where it asks, and notes what it was called with. */
function sudo(asks: boolean): void {
  const text = `#!/bin/bash
echo "$@" >>${folder}/called
password=
while [ $# -gt 0 ]; do
  case "$1" in
    -n) ${asks ? 'echo "sudo: a password is required" >&2; exit 1' : ":"} ;;
    -S) ${asks ? "IFS= read -r password; [ \"$password\" = word ] || { echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }" : ":"} ;;
    -p) shift ;;
    --) shift; break ;;
    *) break ;;
  esac
  shift
done
exec "$@"
`;
  writeFileSync(join(folder, "sudo"), text, { mode: 0o755 });
  writeFileSync(join(folder, "called"), "");
}

function run({ command, head }: { command: string; head: string }, input = "") {
  const { stdout, stderr, status } = spawnSync("sh", ["-c", command], {
    input: `${head}${input}`,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  return { stdout, stderr, status };
}

const me = { user: "ubuntu" };
const script = `IFS= read -r line\necho "it's $line"`;

test("root needs no sudo", () => {
  sudo(true);
  expect(run(rootShell(script, 10, { user: "root" }), "here\n").stdout).toBe("it's here\n");
  expect(readFileSync(join(folder, "called"), "utf8")).toBe("");
});

test("a script has its whole input, whether sudo asks for the password or not", () => {
  for (const asks of [true, false]) {
    sudo(asks);
    const shell = rootShell(script, 10, { ...me, sudoPassword: "word" });
    expect(run(shell, "here\n")).toEqual({ stdout: "it's here\n", stderr: "", status: 0 });
    expect(readFileSync(join(folder, "called"), "utf8")).not.toContain("word");
    expect(shell.command).not.toContain("word ");
  }
});

test("without a password sudo may ask for none", () => {
  sudo(true);
  expect(run(rootShell(script, 10, me))).toMatchObject({
    status: 1,
    stderr: "sudo: a password is required\n",
  });
  sudo(false);
  expect(run(rootShell(script, 10, me), "here\n").stdout).toBe("it's here\n");
});

test("a wrong password is sudo's own error", () => {
  sudo(true);
  const { status, stderr } = run(rootShell(script, 10, { ...me, sudoPassword: "wrong" }), "here\n");
  expect([status, stderr]).toEqual([1, "sudo: 1 incorrect password attempt\n"]);
});

test("a script stops at its first error, and when its time is up", () => {
  for (const way of [{ user: "root" }, { ...me, sudoPassword: "word" }]) {
    sudo(true);
    expect(run(rootShell("false\necho on", 10, way))).toMatchObject({ status: 1, stdout: "" });
    expect(run(rootShell("sleep 20", 1, way)).status).toBe(124);
    expect(run(rootShell("exit 7", 10, way)).status).toBe(7);
  }
});

test("a stream passes every byte on", () => {
  const bytes = "\u0000GET /_ping\r\n\r\n--swarmyard--\nmore";
  for (const way of [{ user: "root" }, me, { ...me, sudoPassword: "word" }]) {
    sudo("sudoPassword" in way);
    expect(run(rootStream("cat", way), bytes).stdout).toBe(bytes);
  }
});
