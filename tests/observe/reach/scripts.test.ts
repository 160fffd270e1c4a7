import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countedIn, lookedIn, triedIn } from "../../../components/observe/reach/judge";
import {
  countScript,
  lookScript,
  readScript,
  tryScript,
} from "../../../components/observe/reach/scripts";
import { lintScripts } from "../../lint-scripts";

lintScripts({
  look: lookScript.text,
  count: countScript.text,
  read: readScript,
  try: tryScript.text,
});

const rule =
  "-A INPUT -s 10.0.0.2/32 -p udp -m udp --dport 7946 -m comment --comment swarmyard-reach";

/** Stand-ins for what the scripts ask; what changes something is written to the log. */
const stubs = {
  docker: 'echo "$NODE"',
  ss: `printf 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\\nLISTEN 0 4096 *:2377 *:*\\nLISTEN 0 4096 [::]:2377 [::]:*\\n'`,
  ip: `case "$*" in
  *"dev eth1"*) echo "3: eth1    inet 10.9.0.7/24 brd 10.9.0.255 scope global eth1" ;;
  *route*) echo "192.0.2.1 via 10.0.0.1 dev eth0 src 10.0.0.5 uid 0" ;;
esac`,
  "iptables-save": `printf '*security\\n%s\\nCOMMIT\\n' "${rule}"`,
  iptables: `case "$*" in
  *nvxL*) cat <<'TABLE'
Chain INPUT (policy ACCEPT 10 packets, 900 bytes)
    pkts      bytes target     prot opt in     out     source               destination
       3       99            17   --  *      *       10.0.0.2             0.0.0.0/0            udp dpt:7946 /* swarmyard-reach */
       0        0            udp  --  *      *       10.0.0.3             0.0.0.0/0            udp dpt:4789 /* swarmyard-reach */
       8      480 DROP       17   --  *      *       10.0.0.9             0.0.0.0/0            udp dpt:4789
TABLE
  ;;
  *) echo "$*" >>"$LOG" ;;
esac`,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reach-"));
  for (const [name, body] of Object.entries(stubs)) {
    writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  writeFileSync(join(folder, "log"), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string, input: string, env: { readonly [name: string]: string } = {}): string {
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--norc", "-c", `set -euo pipefail\n${script}`],
    {
      input,
      env: { PATH: `${folder}:${process.env.PATH}`, LOG: join(folder, "log"), NODE: "", ...env },
    },
  );
  expect({ status, said: String(stderr) }).toEqual({ status: 0, said: "" });
  return String(stdout);
}

const changes = () => readFileSync(join(folder, "log"), "utf8").trim().split("\n");

describe("a host says where it is reached", () => {
  const look = (advertise: string, NODE = "") =>
    lookedIn(run(lookScript.text, lookScript.stdin({ advertise }), { NODE }));

  test("by the swarm, by its settings, or by its default route", () => {
    expect(look("", "10.0.0.6")).toEqual({ address: "10.0.0.6", listens: [22, 2377] });
    expect(look("eth1:7777", "10.0.0.6").address).toBe("10.9.0.7");
    expect(look("10.0.0.8:7777").address).toBe("10.0.0.8");
    expect(look("").address).toBe("10.0.0.5");
  });

  test.each([
    ["$(touch${IFS}/tmp/pwned)", '"$(touch${IFS}/tmp/pwned)"'],
    ["10.0.0.6 10.0.0.7", '"10.0.0.6 10.0.0.7"'],
    ["10.0.0.6/24", '"10.0.0.6/24"'],
    ["10.0.0.999", '"10.0.0.999"'],
    ["evil.example.org", '"evil.example.org"'],
    ["fd00::1", '"fd00::1"'],
    ["\u001b[2Jx", '"x"'],
    ["", "no address"],
  ])("which must be an IPv4 address, not %j", (address, said) => {
    expect(() => lookedIn(`address ${address}\nlistens 22\n`)).toThrow(
      `it names ${said} as the place where others reach it, not an IPv4 address`,
    );
  });
});

describe("packets are counted", () => {
  test("by a rule for each sender and port, after those of an earlier run are gone", () => {
    run(
      countScript.text,
      countScript.stdin({ from: ["10.0.0.2", "10.0.0.3"], ports: [7946, 4789] }),
    );
    const made = (from: string, port: number) =>
      `-w 5 -t security -A INPUT -s ${from} -p udp --dport ${port} -m comment --comment swarmyard-reach`;
    expect(changes()).toEqual([
      `-w 5 -t security -D ${rule.slice("-A ".length)}`,
      made("10.0.0.2", 7946),
      made("10.0.0.2", 4789),
      made("10.0.0.3", 7946),
      made("10.0.0.3", 4789),
    ]);
  });

  test("and read by sender and port, only ours, which then go", () => {
    const counted = countedIn(run(readScript, ""));
    expect(Object.fromEntries(counted)).toEqual({ "10.0.0.2:7946": 3, "10.0.0.3:4789": 0 });
    expect(changes()).toEqual([`-w 5 -t security -D ${rule.slice("-A ".length)}`]);
  });
});

describe("a host tries others", () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => void server.close());

  test("and says which answer, which refuse and which are silent, all within seconds", () => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const places = [`127.0.0.1:${port}`, "127.0.0.1:1"];
    const input = tryScript.stdin({ tcp: places, udp: ["127.0.0.1:1"] });
    expect(Object.fromEntries(triedIn(run(tryScript.text, input)))).toEqual({
      [`127.0.0.1:${port}`]: "open",
      "127.0.0.1:1": "refused",
    });
  });

  test("and runs nothing of the text of a place", () => {
    const file = join(folder, "pwned");
    const places = [
      `$(touch\${IFS}${file}):1`,
      `\`touch\${IFS}${file}\`:1`,
      `1;touch\${IFS}${file}:1`,
    ];
    for (const input of [
      { tcp: places, udp: [] },
      { tcp: [], udp: places },
    ]) {
      run(tryScript.text, tryScript.stdin(input));
    }
    run(countScript.text, countScript.stdin({ from: places, ports: [1] }));
    expect(existsSync(file)).toBe(false);
  });

  test("where a way is missing or nobody answers", () => {
    writeFileSync(
      join(folder, "timeout"),
      `#!/bin/bash\ncase "$*" in *10.0.0.2*) exit 124 ;; *) echo "No route to host" >&2; exit 1 ;; esac\n`,
    );
    chmodSync(join(folder, "timeout"), 0o755);
    const input = tryScript.stdin({ tcp: ["10.0.0.2:7946", "10.0.0.3:7946"], udp: [] });
    expect(Object.fromEntries(triedIn(run(tryScript.text, input)))).toEqual({
      "10.0.0.2:7946": "silent",
      "10.0.0.3:7946": "unreachable",
    });
  });
});
