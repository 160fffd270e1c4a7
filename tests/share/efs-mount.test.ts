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

test("with the role it mounts only where that can be proved, and what was mounted without it makes way", () => {
  const lines = (text: string) => text.split("\n").map((line) => line.trim());
  const plain = lines(mountScript().text);
  const proved = lines(mountScript(true).text);
  expect(proved.filter((line) => !plain.includes(line))).toEqual([
    'line="$file_system:/ $target efs _netdev,tls,iam 0 0"',
    'if ! mountpoint -q "$target" || [ "$(cat /etc/swarmyard/share 2>/dev/null)" = "$server iam" ]; then return; fi',
    'echo "$server iam" >/etc/swarmyard/share',
    'if command -v dnf >/dev/null; then with_efs_utils; else echo "share.iam needs Amazon Linux" >&2; exit 1; fi',
  ]);
});

lintScripts({ "the script": mountScript().text, "with the role": mountScript(true).text });
