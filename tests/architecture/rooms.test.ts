import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");

/** Rooms from left to right: a room may import those before it. */
const order = [
  "config",
  "network",
  "share",
  "hosts",
  "swarm",
  "registry",
  "platform",
  "services",
] as const;

/** The only places that may import a foreign SDK. */
const homes: { readonly [sdk: string]: readonly string[] } = {
  "@pulumi/docker": [
    "components/hosts",
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
  "@pulumi/command": ["components/hosts/remote.ts", "components/registry/push.ts"],
  dockerode: ["components/provider"],
  ssh2: ["components/provider"],
  "@grpc/grpc-js": ["components/provider"],
};

interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sources(folder: string): Source[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?ts$/.test(name) && !name.includes("node_modules"))
    .map((name) => {
      const file = path.join(folder, name);
      const text = fs.readFileSync(path.join(root, file), "utf8");
      const imports = [...text.matchAll(/(?:from|import|require\()\s*"([^"]+)"/g)].map(
        (match) => match[1] ?? "",
      );
      return { file, text, imports };
    });
}

const components = sources("components");
const everything = [...components, ...["platforms", "tools", "tests"].flatMap(sources)];

function roomOf(file: string): string {
  return file.split(path.sep)[1] ?? "";
}

/** Rooms that a file imports by a relative path. */
function importedRooms({ file, imports }: Source): string[] {
  return imports
    .filter((name) => name.startsWith("."))
    .map((name) => path.join(path.dirname(file), name))
    .filter((name) => name.startsWith(`components${path.sep}`))
    .map(roomOf);
}

describe("rooms", () => {
  test("the rule sees real files and real imports", () => {
    expect(components.length).toBeGreaterThan(30);
    expect(components.flatMap(importedRooms).length).toBeGreaterThan(50);
  });

  test.each(components.map((source) => [source.file, source] as const))(
    "%s imports rooms to its left only",
    (_, source) => {
      const here = roomOf(source.file);
      const allowed =
        here === "provider"
          ? ["provider"]
          : here === "compose"
            ? ["compose", "config", "provider"]
            : ["provider", ...order.slice(0, order.indexOf(here as never) + 1)];
      expect(importedRooms(source).filter((room) => !allowed.includes(room))).toEqual([]);
    },
  );

  test("every folder of components is a room that has a place", () => {
    const rooms = new Set(components.map(({ file }) => roomOf(file)));
    expect([...rooms].filter((room) => ![...order, "provider", "compose"].includes(room))).toEqual(
      [],
    );
  });
});

describe("foreign SDKs", () => {
  test.each(Object.entries(homes))("%s is used in its home only", (sdk, allowed) => {
    const users = everything.filter(
      ({ file, imports }) =>
        !file.startsWith("tests") &&
        // What it is measured beside.
        !file.startsWith("tools/bench/peers") &&
        imports.some((name) => name === sdk || name.startsWith(`${sdk}/`)),
    );
    const outside = users.filter(({ file }) => !allowed.some((home) => file.startsWith(home)));
    expect(outside.map(({ file }) => file)).toEqual([]);
  });

  test("the program's only way to the air-gapped engine is through tools", () => {
    const users = everything.filter(({ imports }) =>
      imports.some((name) => name.includes("airgap/")),
    );
    expect(
      users.map(({ file }) => file.split(path.sep)[0]).filter((top) => top === "components"),
    ).toEqual([]);
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
