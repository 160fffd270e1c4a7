import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { initScript, joinScript, leaveScript } from "../../components/swarm/scripts";

const pools = ["10.200.0.0/16", "10.202.0.0/16"];
const scripts = {
  init: initScript(pools),
  join: joinScript(),
  leave: leaveScript(),
};

const shellcheck = spawnSync("shellcheck", ["--version"]).status === 0;

describe.each(Object.entries(scripts))("%s", (_, script) => {
  test("is valid bash", () => {
    execFileSync("bash", ["-n"], { input: script });
  });

  test.skipIf(!shellcheck)("passes shellcheck (skipped without shellcheck)", () => {
    const { stdout, status } = spawnSync("shellcheck", ["--shell=bash", "-"], { input: script });
    expect({ status, report: String(stdout) }).toEqual({ status: 0, report: "" });
  });
});

describe("init", () => {
  test("names every address pool and starts drained", () => {
    expect(scripts.init).toContain(
      '--availability drain --advertise-addr "$address" --default-addr-pool 10.200.0.0/16 --default-addr-pool 10.202.0.0/16',
    );
  });
});

describe("join", () => {
  test("keeps the token out of the process list", () => {
    // It reaches the engine on the standard input of curl, by the shell's own printf.
    expect(scripts.join).not.toMatch(/docker swarm join|--token/);
    expect(scripts.join).toContain("--data-binary @-");
  });
});
