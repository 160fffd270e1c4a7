import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { mountScript } from "../../components/share/efs-mount";
import { lintScripts } from "../lint-scripts";

test("the script is what it was", () => {
  expect(mountScript().text).toMatchSnapshot();
});

test("what it reads is what its values say", () => {
  const { text, stdin } = mountScript();
  const input = stdin({ fileSystem: "fs-1", server: "fs-1.efs", target: "/mnt/share" });
  const reads = text.split("\n").filter((line) => line.startsWith("IFS= read"));
  const print = `printf '%s ' "$file_system" "$server" "$target"`;
  const shown = execFileSync("bash", ["-c", [...reads, print].join("\n")], { input });
  expect(String(shown)).toBe("fs-1 fs-1.efs /mnt/share ");
});

lintScripts({ "the script": mountScript().text });
