import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forgetText, MESH_FOLDER, upText } from "../../../components/hosts/mesh/tunnel";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarmyard-mesh-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "mesh"));
  write("mesh/place", "10.203.0.5/16 1420\n");
  write("mesh/kind", "kernel\n");
  write("mesh/mesh.conf", conf(["KEY-A=", "10.203.0.1"], ["KEY-B=", "10.203.0.2"]));
  const notes = `echo "$(basename "$0") $*" >>${folder}/asked`;
  program("ip", `[ "$1 $2" = "link show" ] || [ "$1" = -4 ] || ${notes}\n[ "$1" != -4 ]`);
  program(
    "wg",
    `case $3 in dump) cat ${folder}/dump ;; latest-handshakes) cat ${folder}/shaken ;; *) ${notes} ;; esac
if [ "$1" = syncconf ]; then cp "$3" ${folder}/applied; fi`,
  );
  program("date", "echo 1000000");
  program("sleep", "true");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}
const read = (name: string) => readFileSync(join(folder, name), "utf8");

function program(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
}

function conf(...peers: readonly (readonly [string, string])[]): string {
  const text = peers.map(([key, at]) => `\n[Peer]\nPublicKey = ${key}\nAllowedIPs = ${at}/32\n`);
  return `[Interface]\nPrivateKey = PRIVATE=\n${text.join("")}`;
}

/** What runs: one line for each peer, after the interface's own. */
function running(
  ...peers: readonly (readonly [key: string, endpoint: string, allowed: string])[]
): void {
  const lines = peers.map(([key, endpoint, allowed]) =>
    [key, "(none)", endpoint, allowed, "0", "0", "0", "25"].join("\t"),
  );
  write("dump", ["PRIVATE=\tPUBLIC=\t51820\toff", ...lines, ""].join("\n"));
}

function run(text: string): readonly string[] {
  write("asked", "");
  const script = text.replaceAll(MESH_FOLDER, `${folder}/mesh`);
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
  });
  expect(status, stderr).toBe(0);
  return read("asked")
    .split("\n")
    .filter((line) => line !== "");
}

describe("a tunnel that runs", () => {
  test("gets its peers and its address, and has nobody to forget", () => {
    running(["KEY-A=", "203.0.113.1:51820", "10.203.0.1/32"]);
    expect(run(upText).map((line) => line.replaceAll(folder, ""))).toEqual([
      "wg syncconf swarmyard /mesh/now.conf",
      "ip address flush dev swarmyard",
      "ip address add 10.203.0.5/16 dev swarmyard",
      "ip link set dev swarmyard mtu 1420 up",
    ]);
    expect([read("applied"), read("mesh/leaving")]).toEqual([read("mesh/mesh.conf"), ""]);
  });

  test("keeps a peer that is no longer named, where it was, until it has gone", () => {
    running(
      ["KEY-B=", "203.0.113.2:51820", "10.203.0.2/32"],
      ["OLD=", "203.0.113.9:7", "10.203.0.9/32"],
    );
    run(upText);
    const kept = `
[Peer]
PublicKey = OLD=
AllowedIPs = 10.203.0.9/32
PersistentKeepalive = 25
Endpoint = 203.0.113.9:7
`;
    expect(read("applied")).toBe(read("mesh/mesh.conf") + kept);
    expect(read("mesh/leaving")).toBe("OLD=\n");
  });

  test("keeps no peer whose address another one has now", () => {
    running(["OLD=", "203.0.113.9:7", "10.203.0.2/32"], ["OLDER=", "(none)", "(none)"]);
    run(upText);
    expect([read("applied"), read("mesh/leaving")]).toEqual([read("mesh/mesh.conf"), ""]);
  });
});

describe("peers that are to go", () => {
  test("are forgotten when they have been silent for three minutes, each on its own", () => {
    write("mesh/leaving", "GONE=\nHERE=\n");
    write("shaken", "GONE=\t999820\nHERE=\t999821\n");
    // Who still answers is dropped after an hour, 360 times ten seconds; three times do here.
    expect(forgetText).toMatch(/^for _ in \$\(seq 360\); do\n {2}sleep 10\n/);
    const removed = run(forgetText.replace("seq 360", "seq 3"));
    expect(removed[0]).toBe("wg set swarmyard peer GONE= remove");
    expect(removed.at(-1)).toBe("wg set swarmyard peer HERE= remove");
    expect(removed.filter((line) => line.includes("HERE="))).toHaveLength(1);
  });

  test("stay when they are named again, and who is gone ends the wait", () => {
    write("mesh/leaving", "KEY-A=\nGONE=\n");
    write("shaken", "KEY-A=\t0\nGONE=\t0\n");
    expect(run(forgetText)).toEqual(["wg set swarmyard peer GONE= remove"]);
  });
});
