import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { readyScript } from "../../components/hosts/local/host";
import { readingAll, withDeadline } from "../../components/hosts/scripts";
import { quote } from "../../components/model/quote";

test.each(["", "plain", "it's", '"$HOME" `id` \\ $(id)', "two\nlines", "'''", "-n"])(
  "the shell reads %j as it was",
  (text) => {
    expect(execFileSync("sh", ["-c", `printf %s ${quote(text)}`], { encoding: "utf8" })).toBe(text);
  },
);

test("a script gets its standard input and stops at its first error", () => {
  const run = (script: string, input = "") =>
    spawnSync("sh", ["-c", withDeadline(script, 10)], { encoding: "utf8", input });
  expect(run('read -r word; echo "it\'s $word"', "here\n").stdout).toBe("it's here\n");
  expect(run("false\necho on")).toMatchObject({ status: 1, stdout: "" });
  expect(run("false | true\necho on")).toMatchObject({ status: 1, stdout: "" });
  expect(run("echo $UNSET_BY_NOBODY\necho on").stdout).toBe("");
});

test("a script that takes too long ends with 124", () => {
  expect(spawnSync("sh", ["-c", withDeadline("sleep 20", 1)]).status).toBe(124);
});

test("the script that waits for the Docker engine is bash", () => {
  execFileSync("bash", ["-n", "-c", readyScript()]);
});

test("input that a script does not use is read anyway, and its status is kept", () => {
  // More than a pipe holds: whoever writes it fails when nobody reads.
  const run = (script: string) =>
    spawnSync("bash", [
      "-c",
      `set -o pipefail; head -c 1000000 /dev/zero | ${withDeadline(readingAll(script), 10).replace("exec ", "")}`,
    ]).status;
  expect(run("exit 0")).toBe(0);
  expect(run("exit 3")).toBe(3);
});
