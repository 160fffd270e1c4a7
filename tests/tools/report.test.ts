import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Endpoint } from "../../components/engine/endpoints";
import type { Verdict } from "../../components/observe/judge";
import { isWhole, STACK_STAYS } from "../../tools/commands/down";
import { byField, requireManager } from "../../tools/commands/refresh";
import { chooseParts } from "../../tools/commands/test";
import { completeOutputs, pageLines, requireEndpoints } from "../../tools/report/outputs";
import { keepsKeys, removeSshFiles, sshCommand, writeSshFiles } from "../../tools/report/ssh-files";
import { renderEnvironment, renderTable } from "../../tools/report/table";
import { isDebianLike } from "../../tools/setup/apt";
import {
  bootstrapWords,
  enginesOfPlatforms,
  mirrorOf,
  parseRepositories,
  sourcesOf,
} from "../../tools/setup/base-image";
import { linesWithout } from "../../tools/setup/lines-without";
import { closingLines, oneCheck, oneSkip, sum } from "../../tools/test/tally";

const endpoint = (name: string, role: Endpoint["role"] = "worker"): Endpoint => ({
  name,
  role,
  host: "127.0.0.1",
  port: 20001,
  user: "root",
  hostKey: "ssh-ed25519 AAAA",
  privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----",
});

describe("tables", () => {
  test("columns are aligned", () => {
    expect(
      renderTable(
        ["A", "LONG"],
        [
          ["wide", "x"],
          ["b", ""],
        ],
      ),
    ).toEqual(["A     LONG", "wide  x", "b"]);
  });

  const outputs = completeOutputs({
    nodes: { "db-0": { group: "db", role: "worker", labels: { db: "true", target: "db" } } },
    services: { demo: ["demo_redis", "demo_web"] },
  });
  const ssh = (node: string) => sshCommand("/s/local/ssh/config", node);

  const node = (id: string, hostname: string, state: string) =>
    ({ id, hostname, state, labels: {}, availability: "active" }) as const;
  const verdict = {
    lines: [],
    reasons: [],
    remedies: [],
    restless: [],
    started: true,
    wanted: 1,
    job: false,
  };
  const task = (ID: string, NodeID: string) => ({ ID, NodeID });

  test("show nodes and services as the swarm has them", () => {
    const seen = {
      view: {
        // The node joined again, and its old entry is still listed.
        nodes: [node("n0", "db-0", "down"), node("n1", "db-0", "ready")],
        tasks: [task("t1", "n1"), task("t2", "n1"), task("t3", "n1")],
        services: new Map(),
      },
      verdicts: new Map<string, Verdict>([
        ["demo_web", { ...verdict, state: "steady", good: ["t1"] }],
        ["demo_load", { ...verdict, state: "steady", good: ["t2"], job: true }],
        [
          "demo_redis",
          { ...verdict, state: "failed", good: [], reasons: ["redis.1: failed: boom\nmore"] },
        ],
        ["demo_more", { ...verdict, state: "converging", good: ["t3"], wanted: 2, job: true }],
      ]),
    };
    const demo = ["demo_web", "demo_load", "demo_redis", "demo_more", "demo_new"];
    const lines = renderEnvironment({ ...outputs, services: { demo } }, seen, ssh);
    expect(lines).toEqual([
      "",
      "NODE  ROLE    LABELS        STATE  SSH",
      "db-0  worker  db,target=db  ready  ssh -F /s/local/ssh/config db-0",
      "",
      "SERVICE     RUNNING   ON",
      "demo_web    1/1       db-0",
      "demo_load   done      db-0",
      "demo_redis  0/1             redis.1: failed: boom",
      "demo_more   1/2 done  db-0",
      "demo_new    ?",
      "",
    ]);
  });

  test("say what existing machines are", () => {
    const machine = {
      system: "Debian GNU/Linux 12 (bookworm)",
      architecture: "x86_64",
      cores: 4,
      memory: "8GiB",
      disk: "100GiB",
      addresses: ["eth0 192.0.2.10/24", "eth1 10.0.0.10/24"],
      gpus: ["GPU-1 NVIDIA A10G"],
    };
    const nodes = { "db-0": { group: "db", role: "worker", labels: {}, machine } };
    const lines = renderEnvironment({ ...outputs, nodes }, undefined, ssh);
    expect(lines.slice(4, 6)).toEqual([
      "MACHINE  SYSTEM                                 CORES  MEMORY  DISK    GPUS  ADDRESSES",
      "db-0     Debian GNU/Linux 12 (bookworm) x86_64  4      8GiB    100GiB  1     eth0 192.0.2.10/24, eth1 10.0.0.10/24",
    ]);
  });

  test("never claim what was not seen", () => {
    const lines = renderEnvironment(outputs, undefined, ssh).join("\n");
    expect(lines).toMatch(/db-0 .* unknown /);
    const view = { nodes: [], tasks: [], services: new Map() };
    const empty = renderEnvironment(outputs, { view, verdicts: new Map() }, ssh).join("\n");
    expect(empty).toContain("not in the swarm");
    const drained = { ...node("n", "db-0", "ready"), availability: "drain" } as const;
    const seen = { view: { ...view, nodes: [drained] }, verdicts: new Map() };
    expect(renderEnvironment(outputs, seen, ssh).join("\n")).toContain(" ready, drain ");
    // A workflow keeps no keys.
    const without = renderEnvironment(outputs, seen, undefined).join("\n");
    expect(without).toContain("STATE");
    expect(without).not.toContain("SSH");
  });
});

describe("ssh files", () => {
  test("are for this user only, and ssh reads them", () => {
    const state = mkdtempSync(join(tmpdir(), "ssh files-"));
    try {
      const both = [endpoint("db-0"), endpoint("m-0")];
      const config = writeSshFiles({ cache: "", state }, "local", both, {});
      expect(statSync(dirname(config)).mode & 0o777).toBe(0o700);
      // One copy of the key that all nodes share.
      expect(readdirSync(dirname(config)).sort()).toEqual([
        "config",
        "db-0.key",
        "endpoints.json",
        "known_hosts",
      ]);
      for (const name of ["config", "known_hosts", "db-0.key"]) {
        expect(statSync(join(dirname(config), name)).mode & 0o777).toBe(0o600);
      }
      const read = execFileSync("ssh", ["-T", "-G", "-F", config, "m-0"], { encoding: "utf8" });
      expect(read).toContain("port 20001\n");
      expect(read).toContain("stricthostkeychecking true\n");
      expect(read).toContain(`identityfile ${join(dirname(config), "db-0.key")}\n`);
      expect(sshCommand(config, "m-0")).toBe(`ssh -F '${config}' m-0`);
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });

  test("lead through jump hosts, with the agent or a key of one's own", () => {
    const state = mkdtempSync(join(tmpdir(), "ssh-files-"));
    try {
      const { privateKey: _, ...behind } = endpoint("behind");
      const jump = { host: "jump", port: 22, user: "me", hostKey: "ssh-ed25519 JUMP" };
      const via = [
        { ...jump, privateKey: "JUMP KEY" },
        { ...jump, host: "inner", port: 2222, keyFile: "/k" },
      ];
      const config = writeSshFiles({ cache: "", state }, "prod", [{ ...behind, via }], {});
      const read = (name: string) =>
        execFileSync("ssh", ["-T", "-G", "-F", config, name], { encoding: "utf8" });
      expect(read("behind")).toContain("proxyjump behind-via-2\n");
      expect(read("behind")).not.toContain("identityagent none\n");
      expect(read("behind-via-2")).toContain("proxyjump behind-via-1\n");
      expect(read("behind-via-2")).toContain("identityfile /k\n");
      expect(read("behind-via-1")).not.toContain("proxyjump ");
      expect(read("behind-via-1")).toContain(
        `identityfile ${join(dirname(config), "behind-via-1.key")}\n`,
      );
      expect(readFileSync(join(dirname(config), "known_hosts"), "utf8").split("\n")).toEqual([
        "jump ssh-ed25519 JUMP",
        "[inner]:2222 ssh-ed25519 JUMP",
        expect.stringMatching(/^\[127\.0\.0\.1\]:/),
        "",
      ]);
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });
});

test("keys are not written where a workflow runs, and go with the environment", () => {
  expect([{}, { CI: "" }, { CI: "false" }, { CI: "0" }].map(keepsKeys)).toEqual(
    Array.from({ length: 4 }, () => true),
  );
  expect([{ CI: "true" }, { CI: "1" }].map(keepsKeys)).toEqual([false, false]);
  const state = mkdtempSync(join(tmpdir(), "ssh-files-"));
  const folders = { cache: "", state };
  try {
    const config = writeSshFiles(folders, "dev", [endpoint("db-0")], {});
    expect(existsSync(config)).toBe(true);
    expect(writeSshFiles(folders, "dev", [endpoint("db-0")], { CI: "true" })).toBe(config);
    expect(existsSync(dirname(config))).toBe(false);
    writeSshFiles(folders, "dev", [endpoint("db-0")], {});
    removeSshFiles(folders, "dev");
    expect(existsSync(dirname(config))).toBe(false);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
});

describe("the gate before a refresh", () => {
  const endpoints = [endpoint("m-0", "manager"), endpoint("w-0")];
  type Dial = NonNullable<Parameters<typeof requireManager>[3]>;
  const dialling = (manager: () => Promise<unknown>) => {
    const seen = { closed: false };
    const close = () => {
      seen.closed = true;
    };
    return { seen, dial: (() => ({ manager, close })) as unknown as Dial };
  };

  test("opens when a manager answers", async () => {
    const { seen, dial } = dialling(async () => ({ info: async () => ({}) }));
    await requireManager(endpoints, "local", (node) => `ssh ${node}`, dial);
    expect(seen.closed).toBe(true);
  });

  test.each([
    ["refuses", () => Promise.reject(new Error("refused")), /refused/],
    ["says nothing", () => new Promise<never>(() => undefined), /no answer within 0.05 s/],
  ])("stays shut when every manager %s", async (_, manager, reason) => {
    const { seen, dial } = dialling(manager);
    const gate = requireManager(endpoints, "local", (node) => `ssh ${node}`, dial, 50);
    await expect(gate).rejects.toThrow(reason);
    await expect(gate).rejects.toThrow(
      "No manager of local answers (m-0). Nothing was refreshed or changed.",
    );
    expect(seen.closed).toBe(true);
  });

  test("an environment that is not up gives a fix", () => {
    expect(() => requireEndpoints(completeOutputs({}), "dev")).toThrow("npm run up -- -s dev");
  });
});

describe("the base image from packages", () => {
  const repositories = parseRepositories(
    [
      "http://mirror/debian-security/ bookworm-security main",
      "http://mirror/debian/ bookworm main",
      "http://mirror/debian/ bookworm contrib",
      "http://mirror/debian/ bookworm main",
      "http://other/tool nodistro main",
    ].join("\n"),
  );

  test("takes the mirror that this machine uses", () => {
    expect(mirrorOf(repositories, "bookworm")).toBe("http://mirror/debian/");
    expect(mirrorOf(repositories, "trixie")).toBe("http://mirror/debian/");
    const two = parseRepositories("http://a/debian bookworm main\nhttp://b/other trixie main");
    expect(mirrorOf(two, "trixie")).toBe("http://b/other");
    expect(mirrorOf(parseRepositories("http://m/ubuntu noble main"), "trixie")).toBeUndefined();
  });

  test("and its updates", () => {
    expect(sourcesOf(repositories, "bookworm")).toBe(
      "deb http://mirror/debian-security/ bookworm-security main\ndeb http://mirror/debian/ bookworm main\n",
    );
    expect(sourcesOf(repositories, "trixie")).toBe("");
    const private_ = [{ uri: "https://me:hush@mirror.example.org/debian", suite: "trixie" }];
    expect(sourcesOf(private_, "trixie")).toBe(
      "deb https://mirror.example.org/debian trixie main\n",
    );
  });

  test("a release is made of signed packages only", () => {
    expect(bootstrapWords("trixie", "/tree")).toEqual([
      "--force-check-gpg",
      "--variant=minbase",
      "trixie",
      "/tree",
    ]);
    expect(bootstrapWords("trixie", "/tree", "http://mirror/debian").at(-1)).toBe(
      "http://mirror/debian",
    );
  });

  test("is that of each release that a Dockerfile names", () => {
    const folder = mkdtempSync(join(tmpdir(), "platforms-"));
    try {
      expect(enginesOfPlatforms(["none"], folder)).toEqual([]);
      mkdirSync(join(folder, "shop/images"), { recursive: true });
      writeFileSync(
        join(folder, "shop/images/Dockerfile"),
        "ARG base=debian:13-slim\nFROM $base\n",
      );
      writeFileSync(join(folder, "shop/web.dockerfile"), "FROM debian:12-slim AS build\n");
      writeFileSync(join(folder, "shop/README.md"), "FROM debian:sid-slim\n");
      mkdirSync(join(folder, "other"));
      writeFileSync(join(folder, "other/Dockerfile"), "FROM debian:sid-slim\n");
      expect(enginesOfPlatforms(["shop", "none"], folder)).toEqual(["debian-13", "debian-12"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is built only on Debian and its derivatives", () => {
    expect(isDebianLike('NAME="x"\nID=debian\n')).toBe(true);
    expect(isDebianLike('ID=pop\nID_LIKE="ubuntu debian"\n')).toBe(true);
    expect(isDebianLike("ID=fedora\n")).toBe(false);
  });
});

describe("what a test run ends with", () => {
  test("are the numbers, after each skip's reason and each failure", () => {
    const tally = sum([
      oneCheck("tsc", true),
      oneCheck("biome", false),
      oneSkip("shellcheck", "it is not installed"),
      { passed: 40, failed: [], skipped: [] },
    ]);
    expect(closingLines(tally)).toEqual([
      "skipped: shellcheck: it is not installed",
      "failed: biome",
      "41 passed, 1 failed, 1 skipped",
    ]);
  });

  test("many skips of one group for one reason are one line", () => {
    const skips = ["a", "b", "c", "d"].map((name) =>
      oneSkip(`f.test.ts > official > ${name}`, "none"),
    );
    expect(closingLines(sum([...skips, oneSkip("f.test.ts > ours > a", "none")]))).toEqual([
      "skipped: 4 tests of f.test.ts > official: none",
      "skipped: f.test.ts > ours > a: none",
      "0 passed, 0 failed, 5 skipped",
    ]);
  });

  test("parts are chosen by name", () => {
    expect(chooseParts([])).toContain("e2e");
    expect(chooseParts(["--only", "unit,check"])).toEqual(["check", "unit"]);
    expect(chooseParts(["--only=unit"])).toEqual(["unit"]);
    expect(() => chooseParts(["--only", "fast"])).toThrow("There is no test part fast");
  });
});

describe("isWhole", () => {
  test("a partial destroy keeps the stack", () => {
    expect(isWhole([])).toBe(true);
    expect(isWhole(["--yes"])).toBe(true);
    expect(isWhole(["--target", "urn:x"])).toBe(false);
    expect(isWhole(["-t=urn:x"])).toBe(false);
    expect(isWhole(["--preview-only"])).toBe(false);
  });
});

describe("the last lines", () => {
  test("name every page, and its platform where there are several", () => {
    const demo = "http://127.0.0.1:8080/";
    const shop = "http://127.0.0.1:8090/";
    expect(pageLines({ pages: {} })).toEqual([]);
    expect(pageLines({ pages: { demo } })).toEqual([`Open ${demo}`]);
    expect(pageLines({ pages: { demo, shop } })).toEqual([
      `Open ${demo}  (demo)`,
      `Open ${shop}  (shop)`,
    ]);
    const routed = { demo, shop: "http://shop.example.org:8090/" };
    const resolveTo = { shop: "127.0.0.1" };
    expect(pageLines({ pages: routed, resolveTo })).toEqual([
      `Open ${demo}  (demo)`,
      "Open http://shop.example.org:8090/  (shop; shop.example.org must resolve to 127.0.0.1)",
    ]);
    const local = { shop: "http://shop.localhost:8090/" };
    expect(pageLines({ pages: local, resolveTo })).toEqual(["Open http://shop.localhost:8090/"]);
  });

  test("of a destroy do not say that the stack stays, which down removes as well", () => {
    const said = [
      "Resources:",
      "    - 97 deleted",
      "",
      "The resources in the stack have been deleted, but the history and configuration associated with the stack are still maintained. ",
      "If you want to remove the stack completely, run `pulumi stack rm third`.",
      "",
    ].join("\n");
    // As it comes through a pipe: in pieces that do not end with a line.
    const shown = linesWithout(STACK_STAYS);
    const pieces = said.match(/[\s\S]{1,7}/g) ?? [];
    const text = pieces.map((piece) => shown.take(piece)).join("") + shown.rest();
    expect(text).toBe("Resources:\n    - 97 deleted\n\n");
    const unfinished = linesWithout(STACK_STAYS);
    expect(unfinished.take("half a li") + unfinished.rest()).toBe("half a li");
  });
});

test("a refresh is shown by field where its options say nothing else", () => {
  expect(byField([])).toEqual(["--diff"]);
  for (const option of ["--diff", "--diff=false", "--json", "-j"]) {
    expect(byField([option])).toEqual([]);
  }
});
