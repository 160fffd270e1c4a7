import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { leaveMeshScript, meshScript } from "../../../components/hosts/mesh/scripts";
import { forgetText, upText } from "../../../components/hosts/mesh/tunnel";
import { lintScripts } from "../../lint-scripts";

lintScripts({
  "join the mesh": meshScript.text,
  "bring the tunnel up": upText,
  "forget who has gone": forgetText,
  "leave the mesh": leaveMeshScript,
});

test("what it writes is what its values say", () => {
  const peers = [
    { publicKey: "PUBLIC-A=", endpoint: "203.0.113.10:51820", address: "10.203.0.3" },
    { publicKey: "PUBLIC-B=", endpoint: "[2001:db8::1]:7000", address: "10.203.0.4" },
  ];
  const { text, stdin } = meshScript;
  const values = { address: "10.203.0.5/16", port: 51820, mtu: 1420, privateKey: "PRIVATE=" };
  const begin = text.slice(0, text.indexOf("install_package()"));
  const folder = execFileSync("mktemp", ["-d"], { encoding: "utf8" }).trim();
  const script = begin.replaceAll("/var/lib/swarmyard", folder);
  execFileSync("bash", ["-euo", "pipefail", "-c", script], {
    input: stdin({ ...values, peers }),
  });
  const read = (name: string) =>
    execFileSync("cat", [`${folder}/mesh/${name}`], { encoding: "utf8" });
  expect(read("mesh.conf")).toBe(`[Interface]
PrivateKey = PRIVATE=
ListenPort = 51820

[Peer]
PublicKey = PUBLIC-A=
Endpoint = 203.0.113.10:51820
AllowedIPs = 10.203.0.3/32
PersistentKeepalive = 25

[Peer]
PublicKey = PUBLIC-B=
Endpoint = [2001:db8::1]:7000
AllowedIPs = 10.203.0.4/32
PersistentKeepalive = 25
`);
  expect(read("place")).toBe("10.203.0.5/16 1420\n");
  const modes = execFileSync("stat", ["-c", "%a", `${folder}/mesh`, `${folder}/mesh/mesh.conf`]);
  expect(String(modes)).toBe("700\n600\n");
  execFileSync("rm", ["-r", folder]);
});
