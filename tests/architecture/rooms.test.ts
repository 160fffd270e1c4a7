import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { circlesOf, read, root, type Source, sourcesIn } from "./sources";

/** For each room of components, the rooms that it may import. */
const allowed: { readonly [room: string]: readonly string[] } = {
  model: [],
  runtime: [],
  compose: ["model"],
  engine: ["model"],
  observe: ["model", "engine"],
  provider: ["model", "engine", "observe", "runtime"],
  resources: ["model", "engine"],
  config: ["model", "compose", "runtime"],
  "local-engine": ["model"],
};

/** What declares an environment, from left to right: a room may import those before it. */
const order = ["network", "share", "hosts", "swarm", "registry", "platform", "services"] as const;
const below = ["model", "runtime", "engine", "resources", "config", "local-engine"];

function mayImport(room: string): readonly string[] {
  const place = order.indexOf(room as (typeof order)[number]);
  return [room, ...(place < 0 ? (allowed[room] ?? []) : [...below, ...order.slice(0, place)])];
}

/** The only places that may import a foreign SDK. */
const homes: { readonly [sdk: string]: readonly string[] } = {
  "@pulumi/docker": [
    "components/hosts",
    "components/local-engine",
    "components/network",
    "components/share",
    "components/registry",
  ],
  "@pulumi/aws": [
    "components/hosts",
    "components/network",
    "components/share",
    "components/registry",
  ],
  "@pulumi/command": [
    "components/hosts/remote.ts",
    "components/hosts/aws/host-key.ts",
    "components/registry/command.ts",
  ],
  "docker-modem": ["components/engine"],
  ssh2: ["components/engine"],
  "@grpc/grpc-js": ["components/provider"],
};

const components = sourcesIn("components");
const everything = [...components, ...["platforms", "tools", "tests"].flatMap(sourcesIn)];

function roomOf(file: string): string {
  return file.split(path.sep)[1] ?? "";
}

/** What a file of components loads that it may not. */
function outside({ file, loads }: Source): string[] {
  return loads.filter(
    (loaded) =>
      !loaded.startsWith("components/") || !mayImport(roomOf(file)).includes(roomOf(loaded)),
  );
}

describe("rooms", () => {
  test("the rule sees real files and real imports", () => {
    expect(components.length).toBeGreaterThan(30);
    expect(components.flatMap(({ loads }) => loads).length).toBeGreaterThan(50);
  });

  test.each([
    ['import { a } from "../hosts/host";', "components/hosts/host.ts"],
    ['export * from "../hosts/host";', "components/hosts/host.ts"],
    ['const a = await import("../hosts/host.js");', "components/hosts/host.ts"],
    [
      'createRequire(__filename)("../runtime/typescript.cjs");',
      "components/runtime/typescript.cjs",
    ],
    ["load('../../tools/cli');", "tools/cli.ts"],
    ['args = ["--require", "tools/cli.ts"];', "tools/cli.ts"],
    ['import type { Networks } from "../network";', "components/network/index.ts"],
  ])("%s is seen", (text, loaded) => {
    expect(read("components/model/example.ts", text).loads).toEqual([loaded]);
  });

  test.each(components.map((source) => [source.file, source] as const))(
    "%s imports rooms before it only",
    (_, source) => {
      expect(outside(source)).toEqual([]);
    },
  );

  test("every folder of components is a room that has a place", () => {
    const rooms = new Set(components.map(({ file }) => roomOf(file)));
    const known = [...Object.keys(allowed), ...order];
    expect([...rooms].filter((room) => !known.includes(room))).toEqual([]);
  });

  test("no files load each other in a circle", () => {
    const code = everything.filter(({ file }) => !file.startsWith("tests/"));
    expect(circlesOf(code)).toEqual([]);
  });

  test("a circle is seen", () => {
    const sources = [
      { file: "a", loads: ["b"] },
      { file: "b", loads: ["c"] },
      { file: "c", loads: ["b"] },
    ];
    expect(circlesOf(sources)).toEqual([["b", "c", "b"]]);
  });

  test.each([...new Set(components.map(({ file }) => path.dirname(file)))])(
    "%s is not a flat heap of files",
    (folder) => {
      const here = components.filter(({ file }) => path.dirname(file) === folder);
      expect(here.length).toBeLessThanOrEqual(20);
    },
  );
});

describe("packages inside tools", () => {
  // The one file from outside that may name a file of the package, to run it in a process of its own.
  const packages = { "tools/airgap/": "tools/setup/airgap.ts", "tools/bench/": "tools/cli.ts" };

  test.each(Object.entries(packages))(
    "%s loads its own files, and %s alone runs it",
    (home, door) => {
      const within = everything.filter(({ file }) => file.startsWith(home));
      expect(within.length).toBeGreaterThan(5);
      const out = within.flatMap(({ file, loads }) =>
        loads.filter((loaded) => !loaded.startsWith(home)).map((loaded) => `${file}: ${loaded}`),
      );
      expect(out).toEqual([]);
      const into = everything.filter(
        ({ file, loads }) => !file.startsWith(home) && loads.some((name) => name.startsWith(home)),
      );
      expect(into.map(({ file }) => file).filter((file) => file !== door)).toEqual([]);
      const entries = everything.find(({ file }) => file === door)?.loads ?? [];
      expect(entries.filter((name) => name.startsWith(home) && name !== `${home}main.ts`)).toEqual(
        [],
      );
    },
  );

  test.each(Object.keys(packages))("%s needs only the packages that it names", (home) => {
    const manifest = fs.readFileSync(path.join(root, home, "package.json"), "utf8");
    const named = Object.keys(JSON.parse(manifest).devDependencies);
    const used = everything
      .filter(({ file }) => file.startsWith(home) && !file.startsWith("tools/bench/peers/"))
      .flatMap(({ packages }) => packages)
      .filter((name) => /^[@a-z][\w@/.-]*$/.test(name) && name !== "vitest");
    expect([...new Set(used)].filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe("foreign SDKs", () => {
  test.each(Object.entries(homes))("%s is used in its home only", (sdk, allowed) => {
    const users = everything.filter(
      ({ file, packages }) =>
        !file.startsWith("tests") &&
        // What it is measured beside.
        !file.startsWith("tools/bench/peers") &&
        packages.some((name) => name === sdk || name.startsWith(`${sdk}/`)),
    );
    const strays = users.filter(({ file }) => !allowed.some((home) => file.startsWith(home)));
    expect(strays.map(({ file }) => file)).toEqual([]);
  });
});

describe("proportions", () => {
  test.each(everything.map(({ file, text }) => [file, text.split("\n").length] as const))(
    "%s is no longer than 250 lines",
    (file, lines) => {
      // Tables of cases may be longer than code.
      expect(lines).toBeLessThanOrEqual(file.startsWith("tests") ? 500 : 250);
    },
  );

  test("index.ts is a map", () => {
    const lines = fs.readFileSync(path.join(root, "index.ts"), "utf8").split("\n");
    expect(lines.length).toBeLessThanOrEqual(60);
  });

  test("no file is called utils or helpers", () => {
    const names = everything.map(({ file }) => path.basename(file));
    expect(names.filter((name) => /^(utils?|helpers?|common|misc)\./.test(name))).toEqual([]);
  });
});
