import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { initScript, joinScript, leaveScript } from "../../components/swarm/scripts";
import { lintScripts } from "../lint-scripts";

const pools = ["10.200.0.0/16", "10.202.0.0/16"];
const [init, join] = [initScript({ addressPools: pools }), joinScript()];
const addresses = { advertise: "eth1:7777", listen: "0.0.0.0:7777", dataPath: "eth2" };
const own = { addresses, withPorts: true } as const;
const scripts = {
  init: init.text,
  join: join.text,
  initCarefully: initScript({ addressPools: pools, answers: "all" }).text,
  initLocked: initScript({ addressPools: pools, answers: "locked" }).text,
  initAt: initScript({ addressPools: pools, addressPoolMask: 26, dataPathPort: 7789, ...own }).text,
  joinCarefully: joinScript({ answers: "all" }).text,
  joinLocked: joinScript({ answers: "locked" }).text,
  joinAt: joinScript(own).text,
  leaveInit: leaveScript("init"),
  leaveJoin: leaveScript("join"),
};

lintScripts(scripts);

describe("init", () => {
  test("names every address pool and starts drained", () => {
    expect(scripts.init).toContain(
      '--availability drain --advertise-addr "$address" --default-addr-pool 10.200.0.0/16 --default-addr-pool 10.202.0.0/16',
    );
  });
});

describe("settings that a swarm is made with", () => {
  const start = (script: string) => script.split("\n").find((line) => /swarm init/.test(line));

  test("are options of init, and without them the script is the one that environments have", () => {
    const usual = "docker swarm init --availability drain --advertise-addr";
    const all = "--default-addr-pool 10.200.0.0/16 --default-addr-pool 10.202.0.0/16";
    expect(start(scripts.init)).toBe(
      `${usual} "$address" ${all} --default-addr-pool-mask-length 24 >/dev/null`,
    );
    expect(start(scripts.initAt)).toBe(
      `${usual} eth1:7777 ${all} --default-addr-pool-mask-length 26 --data-path-port 7789 --listen-addr 0.0.0.0:7777 --data-path-addr eth2 >/dev/null`,
    );
    const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    expect([hash(scripts.init), hash(scripts.join)]).toEqual([
      "a5e17f934762ac12",
      "816030f621963d71",
    ]);
  });

  test("where managers have ports of their own, the scripts take them from the addresses", () => {
    expect(scripts.initAt).toContain('"exec 3<>/dev/tcp/${other%:*}/${other##*:}"');
    expect(scripts.joinAt).toContain('[ "${manager%:*}" = "$address" ]');
    expect(scripts.joinAt).toContain(
      `'{"ListenAddr":"0.0.0.0:7777","AdvertiseAddr":"%s","DataPathAddr":"eth2","Availability":"drain",`,
    );
  });
});

describe("join", () => {
  test("keeps the token out of the process list", () => {
    // It reaches the Docker engine on the standard input of curl, by the shell's own printf.
    expect(scripts.join).not.toMatch(/docker swarm join|--token/);
    expect(scripts.join).toContain("--data-binary @-");
  });
});

/** What each variable of a script holds when it has read its standard input. */
function readBy(script: string, input: string, names: readonly string[]): readonly string[] {
  const reads = script.split("\n").filter((line) => line.startsWith("IFS= read"));
  const print = `printf '%s\\n' ${names.map((name) => `"$${name}"`).join(" ")}`;
  const shown = execFileSync("bash", ["-c", [...reads, print].join("\n")], { input });
  return String(shown).split("\n").slice(0, -1);
}

describe("what a script reads is what its values say", () => {
  const owner = "yard/dev";

  test("init", () => {
    const input = init.stdin({ address: "10.0.0.1", others: ["10.0.0.2", "10.0.0.3"], owner });
    expect(input).toBe("10.0.0.1\n10.0.0.2 10.0.0.3\n");
    const values = ["10.0.0.1", "10.0.0.2 10.0.0.3"];
    expect(readBy(init.text, input, ["address", "others"])).toEqual(values);
    expect(init.stdin({ address: "10.0.0.1", others: [], owner })).toBe("10.0.0.1\n\n");
  });

  test("init on a machine that may be in a swarm of somebody else", () => {
    const careful = initScript({ addressPools: pools, answers: "all" });
    const input = careful.stdin({ address: "10.0.0.1", others: ["10.0.0.2"], owner });
    expect(input).toBe("10.0.0.1\n10.0.0.2\nyard/dev\n");
    const values = ["10.0.0.1", "10.0.0.2", "yard/dev"];
    expect(readBy(careful.text, input, ["address", "others", "owner"])).toEqual(values);
    expect(readBy(scripts.leaveInit, input, ["owner"])).toEqual(["yard/dev"]);
  });

  test("join", () => {
    const managers = ["10.0.0.1", "10.0.0.2"];
    const input = join.stdin({ swarm: "id", address: "10.0.0.3", managers, token: "SWMTKN" });
    expect(input).toBe("id\n10.0.0.3\n10.0.0.1 10.0.0.2\nSWMTKN\n");
    const values = ["id", "10.0.0.3", "10.0.0.1 10.0.0.2", "SWMTKN"];
    expect(readBy(join.text, input, ["swarm", "address", "managers", "token"])).toEqual(values);
  });
});
