// cspell:words prerouting
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Firewall } from "../../../components/hosts/machine/firewall/rules";
import {
  applyScript,
  CONFIRM_SECONDS,
  checkScript,
  confirmScript,
  FIREWALL_BOOT,
  removeScript,
  settleScript,
} from "../../../components/hosts/machine/firewall/scripts";
import { lintScripts } from "../../lint-scripts";

lintScripts({
  apply: applyScript.text,
  confirm: confirmScript,
  settle: settleScript,
  check: checkScript,
  remove: removeScript,
});

const firewall = (port: number, node = "10.0.0.2"): Firewall => {
  const rules = {
    arriving: [`-p tcp --dport ${port} -j DROP`],
    forwarded: ["-o docker0 -j DROP"],
  };
  return {
    containers: {
      arriving: ["-i docker0 -j DROP"],
      forwarded: ["-i docker0 ! -o docker0 -j DROP"],
    },
    nodes: [node],
    ipv4: rules,
    ipv6: rules,
    ufw: [`allow proto tcp from ${node} to any port ${port}`],
    firewalld: [
      `rule family="ipv4" source address="${node}" port port="${port}" protocol="tcp" accept`,
    ],
  };
};

/** Stand-ins of firewalls that note what is done; a chain is entered when the file `in-<tool>-<where>` exists. */
const noted = 'echo "$(basename "$0") $*" >>"$LOG"';
const tables = `entered="$STATE/in-$(basename "$0")-$6"
case "$5" in
  -C) [ -e "$entered" ]; exit ;;
  -D) [ -e "$entered" ] && rm "$entered" && ${noted}; exit ;;
  -I) touch "$entered" ;;
esac
${noted}`;
const restore = `if [ -e "$STATE/broken" ]; then exit 1; fi
${noted}; sed 's/^/  /' >>"$LOG"`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firewall-"));
  const stub = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  for (const tool of ["iptables", "ip6tables"]) {
    stub(tool, tables);
    stub(`${tool}-restore`, restore);
  }
  stub("ufw", `if [ "$1" = status ]; then echo "Status: active"; else ${noted}; fi`);
  stub("firewall-cmd", `if [ "$1" != --state ]; then ${noted}; fi`);
});
// What takes rules back may still be writing.
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

/** Runs a script; what is not confirmed is taken back after `seconds`. @returns its status, and what was done */
function run(script: string, input = "", seconds: number = CONFIRM_SECONDS) {
  const log = join(folder, "log");
  rmSync(log, { force: true });
  const text = script
    .replaceAll("/var/lib/swarmyard/firewall", join(folder, "lib"))
    .replaceAll("/run/systemd/system", join(folder, "no-systemd"))
    .replaceAll("/etc/systemd", join(folder, "etc"))
    .replaceAll(`sleep ${CONFIRM_SECONDS}`, `sleep ${seconds}`);
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", `set -euo pipefail\n${text}`], {
    input,
    env: { PATH: `${folder}:${process.env.PATH}`, LOG: log, STATE: folder },
  });
  return { status, said: String(stderr).trim(), did: done() };
}

const done = () =>
  existsSync(join(folder, "log"))
    ? readFileSync(join(folder, "log"), "utf8").trimEnd().split("\n")
    : [];

const loaded = (tool: string, port: number, isNew: boolean, nodes = ["10.0.0.2"]) => [
  `${tool}-restore -w 5 --noflush`,
  "  *mangle",
  "  :SWARMYARD - [0:0]",
  "  :SWARMYARD-FORWARD - [0:0]",
  ...(tool === "iptables"
    ? [
        "  -A SWARMYARD -i docker0 -j DROP",
        "  -A SWARMYARD-FORWARD -i docker0 ! -o docker0 -j DROP",
        ...["SWARMYARD", "SWARMYARD-FORWARD"].flatMap((chain) =>
          nodes.map((node) => `  -A ${chain} -s ${node} -j RETURN`),
        ),
      ]
    : []),
  `  -A SWARMYARD -p tcp --dport ${port} -j DROP`,
  "  -A SWARMYARD-FORWARD -o docker0 -j DROP",
  "  COMMIT",
  ...(isNew
    ? [
        `${tool} -w 5 -t mangle -I PREROUTING -j SWARMYARD`,
        `${tool} -w 5 -t mangle -I FORWARD -j SWARMYARD-FORWARD`,
      ]
    : []),
];
const opened = (port: number, remove = false, node = "10.0.0.2") => [
  `ufw ${remove ? "delete " : ""}allow proto tcp from ${node} to any port ${port}`,
  ...["", "--permanent "].map(
    (kept) =>
      `firewall-cmd --quiet ${kept}--${remove ? "remove" : "add"}-rich-rule=rule family="ipv4" source address="${node}" port port="${port}" protocol="tcp" accept`,
  ),
];

const apply = (port: number, seconds?: number, node?: string) =>
  run(applyScript.text, applyScript.stdin(firewall(port, node)), seconds);

async function until(isDone: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!isDone() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe("a firewall", () => {
  test("is loaded for IPv4 and IPv6, and opened in the others", () => {
    const { status, did } = apply(8080);
    expect(status).toBe(0);
    expect(did).toEqual([
      ...loaded("iptables", 8080, true),
      ...loaded("ip6tables", 8080, true),
      ...opened(8080),
    ]);
  });

  test("that nobody confirms is taken back, and the confirm says so", async () => {
    apply(8080, 3);
    await until(() => done().some((line) => line.startsWith("ufw delete")));
    expect(existsSync(join(folder, "lib/pending"))).toBe(false);
    expect(existsSync(join(folder, "in-iptables-PREROUTING"))).toBe(false);
    expect(existsSync(join(folder, "in-ip6tables-FORWARD"))).toBe(false);
    expect(done()).toContain("iptables -w 5 -t mangle -D PREROUTING -j SWARMYARD");
    expect(done()).toContain(opened(8080, true)[0]);
    const { status, said } = run(confirmScript);
    expect(status).toBe(1);
    expect(said).toContain("taken back, because nobody confirmed them within 60 seconds");
  });

  test("that is confirmed stays, and another that is not gives way to it again", async () => {
    apply(8080);
    expect(run(confirmScript)).toEqual({ status: 0, said: "", did: [] });
    expect(run(confirmScript).status).toBe(0);
    apply(9090, 3);
    const after = () => done().slice(-14);
    const before = [
      ...opened(9090, true),
      ...loaded("iptables", 8080, false),
      ...loaded("ip6tables", 8080, false),
      ...opened(8080),
    ];
    await until(() => after().at(-1) === before.at(-1));
    expect(done().slice(-before.length)).toEqual(before);
  });

  test("is not taken back when the time of an earlier one is over", async () => {
    apply(8080, 2);
    apply(9090);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(existsSync(join(folder, "lib/pending"))).toBe(true);
    expect(run(confirmScript).status).toBe(0);
  });

  test("lets the nodes of the one before it in until they have left", () => {
    apply(8080);
    run(confirmScript);
    const { did } = apply(8080, undefined, "10.0.0.3");
    expect(did).toEqual([
      ...loaded("iptables", 8080, false, ["10.0.0.3", "10.0.0.2"]),
      ...loaded("ip6tables", 8080, false),
      ...opened(8080, false, "10.0.0.3"),
    ]);
    expect(run(confirmScript).did).toEqual([]);
    expect(run(settleScript).did).toEqual([
      ...opened(8080, true),
      ...loaded("iptables", 8080, false, ["10.0.0.3"]),
      ...loaded("ip6tables", 8080, false),
      ...opened(8080, false, "10.0.0.3"),
    ]);
    expect(run(settleScript)).toEqual({ status: 0, said: "", did: [] });
  });

  test("comes back after a boot", () => {
    apply(8080);
    run(confirmScript);
    for (const tool of ["iptables", "ip6tables"]) {
      for (const place of ["PREROUTING", "FORWARD"]) rmSync(join(folder, `in-${tool}-${place}`));
    }
    expect(run(FIREWALL_BOOT)).toEqual({
      status: 0,
      said: "",
      did: [...loaded("iptables", 8080, true), ...loaded("ip6tables", 8080, true), ...opened(8080)],
    });
    expect(existsSync(join(folder, "etc"))).toBe(false);
  });

  test("is loaded by systemd where that runs, after other firewalls and before Docker", () => {
    mkdirSync(join(folder, "no-systemd"));
    mkdirSync(join(folder, "etc/system"), { recursive: true });
    for (const tool of ["systemctl", "systemd-run"]) {
      writeFileSync(join(folder, tool), `#!/bin/bash\n${noted}\n`, { mode: 0o755 });
    }
    apply(8080);
    expect(run(confirmScript).did).toEqual([
      "systemctl daemon-reload",
      "systemctl enable --quiet swarmyard-firewall.service",
    ]);
    const unit = readFileSync(join(folder, "etc/system/swarmyard-firewall.service"), "utf8");
    expect(unit).toContain("After=ufw.service firewalld.service\nBefore=docker.service\n");
    expect(unit).toContain(`ExecStart=${join(folder, "lib/boot")}\n`);
  });

  test("that cannot be loaded leaves the one of before", () => {
    apply(8080);
    run(confirmScript);
    writeFileSync(join(folder, "broken"), "");
    const { status, said } = apply(9090);
    expect(status).toBe(1);
    expect(said).toContain("the firewall's rules could not be loaded; those of before are back");
    expect(existsSync(join(folder, "lib/pending"))).toBe(false);
  });

  test("goes without a trace", () => {
    apply(8080);
    run(confirmScript);
    const { status, did } = run(removeScript);
    expect(status).toBe(0);
    expect(did).toContain("ip6tables -w 5 -t mangle -X SWARMYARD");
    expect(did).toContain("iptables -w 5 -t mangle -X SWARMYARD-FORWARD");
    expect(did.slice(-3)).toEqual(opened(8080, true));
    expect(existsSync(join(folder, "lib"))).toBe(false);
    expect(run(removeScript).status).toBe(0);
  });
});
