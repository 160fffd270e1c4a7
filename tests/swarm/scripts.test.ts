import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { initScript, joinScript, leaveScript } from "../../components/swarm/scripts";
import { lintScripts } from "../lint-scripts";

const pools = ["10.200.0.0/16", "10.202.0.0/16"];
const [init, join] = [initScript(pools), joinScript()];
const scripts = {
  init: init.text,
  join: join.text,
  leave: leaveScript(),
};

lintScripts(scripts);

describe("init", () => {
  test("names every address pool and starts drained", () => {
    expect(scripts.init).toContain(
      '--availability drain --advertise-addr "$address" --default-addr-pool 10.200.0.0/16 --default-addr-pool 10.202.0.0/16',
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
  test("init", () => {
    const input = init.stdin({ address: "10.0.0.1", others: ["10.0.0.2", "10.0.0.3"] });
    expect(input).toBe("10.0.0.1\n10.0.0.2 10.0.0.3\n");
    const values = ["10.0.0.1", "10.0.0.2 10.0.0.3"];
    expect(readBy(init.text, input, ["address", "others"])).toEqual(values);
    expect(init.stdin({ address: "10.0.0.1", others: [] })).toBe("10.0.0.1\n\n");
  });

  test("join", () => {
    const managers = ["10.0.0.1", "10.0.0.2"];
    const input = join.stdin({ swarm: "id", address: "10.0.0.3", managers, token: "SWMTKN" });
    expect(input).toBe("id\n10.0.0.3\n10.0.0.1 10.0.0.2\nSWMTKN\n");
    const values = ["id", "10.0.0.3", "10.0.0.1 10.0.0.2", "SWMTKN"];
    expect(readBy(join.text, input, ["swarm", "address", "managers", "token"])).toEqual(values);
  });
});
