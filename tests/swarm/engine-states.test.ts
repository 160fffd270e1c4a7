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
import type { Answers } from "../../components/swarm/engine-states";
import { initScript, joinScript, leaveScript } from "../../components/swarm/scripts";

/** Stand-ins: a Docker engine in one state, the certificate of a swarm, and programs that do nothing. */
const stubs = {
  docker: `echo "docker $*" >>"$LOG"
case "$*" in
  *LocalNodeState*) if [ -e "$DONE" ]; then echo active; else echo "$STATE"; fi ;;
  *DockerRootDir*) echo /data/docker ;;
  *Swarm.Error*) echo "$TROUBLE" ;;
  *Cluster.ID*) echo new-swarm ;;
  'swarm init'* | 'swarm leave'*) case "$2" in init) touch "$DONE" ;; esac ;;
esac`,
  curl: `cat >/dev/null; echo "curl join" >>"$LOG"; touch "$DONE"`,
  openssl: `case "$*" in
  *multiline*) [ -n "$WHOSE" ] && printf 'subject=\\n    organizationName          = %s\\n    commonName = n\\n' "$WHOSE" ;;
  *) [ -n "$WHOSE" ] && echo "subject=O = $WHOSE, OU = swarm-worker, CN = n" ;;
esac`,
  hostname: "echo box",
  sleep: "true",
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-states-"));
  mkdirSync(join(folder, "bin"));
  for (const [name, body] of Object.entries(stubs)) {
    const file = join(folder, "bin", name);
    writeFileSync(file, `#!/bin/bash\n${body}\n`);
    chmodSync(file, 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Engine {
  readonly state: string;
  /** Id of the swarm in its certificate. @default it has none */
  readonly whose?: string;
  readonly trouble?: string;
  /** Content of the mark on the machine. @default none */
  readonly mark?: string;
}

const markFile = () => join(folder, "lib", "swarm");

/** Runs a script on a machine with this Docker engine. @returns what it did besides looking, and what it said */
function run(text: string, input: string, { state, whose = "", trouble = "", mark }: Engine) {
  const log = join(folder, "log");
  rmSync(log, { force: true });
  if (mark !== undefined) {
    mkdirSync(join(folder, "lib"), { recursive: true });
    writeFileSync(markFile(), `${mark}\n`);
  }
  const script = text.replaceAll("/var/lib/swarmyard", join(folder, "lib"));
  const { status, stderr } = spawnSync("bash", ["--norc", "-c", `set -euo pipefail\n${script}`], {
    input,
    encoding: "utf8",
    env: {
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      ...{ LOG: log, DONE: join(folder, "done"), STATE: state, WHOSE: whose, TROUBLE: trouble },
    },
  });
  const calls = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  const did = calls
    .filter((line) => !line.startsWith("docker info"))
    .map((line) => line.replace(/ --.*/, ""));
  return { status, did, said: stderr.trim() };
}

const values = { address: "10.0.0.1", others: [], owner: "yard/dev" };
const init = (answers: Answers, engine: Engine) => {
  const { text, stdin } = initScript({ addressPools: ["10.200.0.0/16"], answers });
  return run(text, stdin(values), engine);
};
const joinBy = (answers: Answers, engine: Engine) => {
  const { text, stdin } = joinScript({ answers });
  const known = { swarm: "our-swarm", address: "10.0.0.2", managers: ["10.0.0.1"], token: "T" };
  return run(text, stdin(known), engine);
};

const [none, leave, made, joined] = [[], "docker swarm leave", "docker swarm init", "curl join"];
const theirs = "their-swarm";

describe("an init on a machine of somebody", () => {
  test.each<[string, Engine, number, readonly string[], RegExp]>([
    ["in no swarm", { state: "inactive" }, 0, [made], /^$/],
    ["in the stack's own", { state: "active", whose: "s", mark: "yard/dev s" }, 0, none, /^$/],
    ["made by a killed run", { state: "active", whose: "s", mark: "yard/dev" }, 0, none, /^$/],
    [
      "in another",
      { state: "active", whose: theirs },
      1,
      none,
      /box is in another swarm \(their-swarm\)\.\n.*run on it: docker swarm leave --force\n/,
    ],
    [
      "in another stack's",
      { state: "active", whose: "s", mark: "yard/prod s" },
      1,
      none,
      /in another swarm \(s\)/,
    ],
    [
      "in another now",
      { state: "active", whose: theirs, mark: "yard/dev s" },
      1,
      none,
      /another swarm \(their-swarm\)/,
    ],
    [
      "locked, its own",
      { state: "locked", whose: "s", mark: "yard/dev s" },
      1,
      none,
      /box is locked: .* unlock key\.\n.*docker swarm unlock, or run up/,
    ],
    [
      "locked, of another",
      { state: "locked", whose: theirs },
      1,
      none,
      /another swarm \(their-swarm\), which is locked\.\n.*docker swarm unlock/,
    ],
    [
      "pending",
      { state: "pending", trouble: "no route" },
      1,
      none,
      /joining another swarm for more than 30 seconds: no route/,
    ],
    [
      "in trouble, of another",
      { state: "error", whose: theirs, trouble: "expired" },
      1,
      none,
      /cannot take part in its swarm their-swarm \(state error\): expired\./,
    ],
    [
      "in trouble, its own",
      { state: "error", whose: "s", mark: "yard/dev s", trouble: "disk" },
      1,
      none,
      /made this environment's swarm and cannot take part in it \(state error\): disk/,
    ],
  ])("%s", (_, engine, status, did, said) => {
    const outcome = init("all", engine);
    expect({ ...outcome, said: "" }).toEqual({ status, did, said: "" });
    expect(outcome.said).toMatch(said);
  });

  test("leaves a mark with the stack and the swarm", () => {
    init("all", { state: "inactive" });
    expect(readFileSync(markFile(), "utf8")).toBe("yard/dev new-swarm\n");
  });
});

describe("a join on a machine of somebody", () => {
  test.each<[string, Engine, number, readonly string[], RegExp]>([
    ["in no swarm", { state: "inactive" }, 0, [joined], /^$/],
    ["in this one", { state: "active", whose: "our-swarm" }, 0, none, /^$/],
    [
      "in this one, removed from it",
      { state: "error", whose: "our-swarm" },
      0,
      [leave, joined],
      /^$/,
    ],
    ["in another", { state: "active", whose: theirs }, 1, none, /another swarm \(their-swarm\)/],
    ["locked, of this one", { state: "locked", whose: "our-swarm" }, 1, none, /is locked/],
    ["locked, of another", { state: "locked", whose: theirs }, 1, none, /which is locked/],
    ["pending", { state: "pending" }, 1, none, /more than 30 seconds\./],
    ["in trouble, of another", { state: "error", whose: theirs }, 1, none, /\(state error\)\./],
  ])("%s", (_, engine, status, did, said) => {
    const outcome = joinBy("all", engine);
    expect({ ...outcome, said: "" }).toEqual({ status, did, said: "" });
    expect(outcome.said).toMatch(said);
  });
});

describe("on a machine of the stack with autolock", () => {
  test("a locked Docker engine stays in its swarm", () => {
    for (const outcome of [
      init("locked", { state: "locked", whose: "s" }),
      joinBy("locked", { state: "locked", whose: "our-swarm" }),
    ]) {
      expect({ ...outcome, said: "" }).toEqual({ status: 1, did: none, said: "" });
      expect(outcome.said).toContain("box is in a swarm that is locked");
      expect(outcome.said).toContain("npm run up");
    }
  });

  test("one that waits for an earlier swarm of the stack leaves it", () => {
    expect(init("locked", { state: "pending" }).did).toEqual([leave, made]);
  });
});

describe("a machine that outlives the stack", () => {
  const goes = (by: "init" | "join", engine: Engine) =>
    run(leaveScript(by), by === "init" ? "10.0.0.1\n\nyard/dev\n" : "our-swarm\n", engine);

  test("leaves the stack's swarm, and the mark goes too", () => {
    const engine = { state: "active", whose: "s", mark: "yard/dev s" };
    expect(goes("init", engine)).toEqual({ status: 0, did: [leave], said: "" });
    expect(existsSync(markFile())).toBe(false);
    expect(goes("join", { state: "locked", whose: "our-swarm" }).did).toEqual([leave]);
  });

  test("stays in a swarm that it was put into since", () => {
    for (const by of ["init", "join"] as const) {
      expect(goes(by, { state: "active", whose: theirs, mark: "yard/dev s" })).toEqual({
        status: 0,
        did: none,
        said: "box is in another swarm (their-swarm) and stays in it",
      });
    }
  });
});

describe("an init where a swarm is taken over", () => {
  test("marks the swarm that the machine is in, and changes nothing", () => {
    expect(init("adopt", { state: "active", whose: theirs })).toEqual({
      ...{ status: 0, did: none, said: "" },
    });
    expect(readFileSync(markFile(), "utf8")).toBe(`yard/dev ${theirs}\n`);
  });

  test.each([
    ["inactive", /box is no longer in the swarm that was to be taken over\./],
    ["locked", /box cannot take part in its swarm \(state locked\)\./],
  ])("makes no swarm where it is %s", (state, said) => {
    const { status, did, ...rest } = init("adopt", { state });
    expect([status, did]).toEqual([1, none]);
    expect(rest.said).toMatch(said);
  });

  test("a join there joins what is in no swarm, and leaves no other", () => {
    expect(joinBy("adopt", { state: "inactive" }).did).toEqual([joined]);
    expect(joinBy("adopt", { state: "active", whose: "our-swarm" })).toMatchObject({
      ...{ status: 0, did: none },
    });
    expect(joinBy("adopt", { state: "active", whose: theirs })).toMatchObject({
      ...{ status: 1, did: none },
    });
  });
});
