import { describe, expect, test } from "vitest";
import { initScript, joinScript, leaveScript } from "../../components/swarm/scripts";
import { lintScripts } from "../lint-scripts";

const pools = ["10.200.0.0/16", "10.202.0.0/16"];
const scripts = {
  init: initScript(pools),
  join: joinScript(),
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
    // It reaches the engine on the standard input of curl, by the shell's own printf.
    expect(scripts.join).not.toMatch(/docker swarm join|--token/);
    expect(scripts.join).toContain("--data-binary @-");
  });
});
