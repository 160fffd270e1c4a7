import { describe, expect, test } from "vitest";
import { documentedKeys } from "../../components/compose/keys/document";
import { readCompose } from "../../components/compose/read-compose";
import { fc } from "../properties";
import { cases, readCase } from "./cases";
import { read } from "./read";

/** Parts of compose files that can follow each other in any way. */
const SEED = `
version: "3.8"
include: [other.yaml, { path: x, env_file: y }]
x-a: &a { A: 1, B: [x, y] }
services:
  web:
    <<: *a
    <<: [*a, *a]
    image: reg/app:\${T:-1}
    build: { context: ., args: [A=1] }
    command: a "b c" 'd' $$x \${A:-\${B:?c}}
    entrypoint: [a, 1]
    environment: [A=1, B]
    env_file: [a.env, { path: b, required: false, format: raw }]
    ports: [80, "8080-8081:80", { target: 1, published: 2, mode: host }]
    volumes: ["d:/d:ro", ./x:/x, { type: tmpfs, target: /t, tmpfs: { size: 1m } }]
    networks: { n: { aliases: [x] } }
    secrets: [s, { source: s, mode: 0440 }]
    depends_on: { db: { condition: service_healthy } }
    extends: { file: other.yaml, service: db }
    healthcheck: { test: curl x, interval: 10s }
    deploy: { mode: global, replicas: 2, resources: { limits: { cpus: .5, memory: 1g } }, placement: { constraints: [a == b] } }
    ulimits: { nofile: 1 }
    tmpfs: /run:size=1m
    restart: on-failure:3
    extra_hosts: ["a:1.1.1.1"]
    security_opt: [label:type:x]
    gpus: all
  db: { image: b, extends: web, profiles: [p], user: !reset null, ports: !override ["1:1"] }
networks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24 }] }, external: { name: q } } }
volumes: { d: { driver_opts: { o: 1 } } }
secrets: { s: { file: s.txt }, t: { environment: T } }
configs: { c: { content: "x $Y" } }
`;

const words = [
  ...new Set([...documentedKeys().flatMap(({ path }) => path.split(".")), "x-a", "<<", "web"]),
];

/** Values in YAML's flow style, with keys that mean something. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      "",
      "~",
      "0440",
      "yes",
      "1.5",
      "-1",
      "1e999",
      '"${A:-${B}}"',
      "$",
      "${",
      "*a",
      "&a x",
      "!reset null",
      "!override [1]",
      "a:b",
      "/x:/y:z",
      "80-90:80",
      "1s",
      "'",
      "<x>/y",
    ),
    fc.string({ maxLength: 12 }).map((text) => JSON.stringify(text)),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
    fc
      .array(fc.tuple(fc.constantFrom(...words), tie("value")), { maxLength: 6 })
      .map((pairs) => `{ ${pairs.map(([key, one]) => `${key}: ${one}`).join(", ")} }`),
  ),
}));

/** Changes that people and editors make by mistake, and some that nobody makes. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 20 }),
  text: fc.oneof(
    value,
    fc.constantFrom(
      "\n",
      "  ",
      "\t",
      "{",
      "}",
      "[",
      "]",
      ":",
      ": ",
      "- ",
      "#",
      "&a",
      "*a",
      "$",
      "${",
      "\u0000",
      "\uFEFF",
      "é",
      "!!int",
      "|\n",
      ">",
    ),
  ),
});

function mutated(
  text: string,
  changes: readonly { at: number; length: number; text: string }[],
): string {
  return changes.reduce((before, { at, length, text: put }) => {
    const from = Math.floor(at * before.length);
    return before.slice(0, from) + put + before.slice(from + length);
  }, text);
}

/** Milliseconds of processor time, whatever else the machine does. */
function timeOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Reads without an exception, and says of every problem what it is, where it is and what to do. */
function readsWell(text: string): void {
  for (const lenient of [false, true]) {
    const { problems, warnings, spec } = read(
      { "compose.yaml": text, "other.yaml": SEED, "a.env": "A=1", "s.txt": "s" },
      { lenient, variablesInKeys: lenient },
    );
    for (const { path, line, found, allowed, fix } of [...problems, ...warnings]) {
      expect(
        [path, found, allowed, fix].filter((part) => part === "" || part.includes("[object")),
      ).toEqual([]);
      expect(line).toMatch(/:\d+:\d+$/);
    }
    if (problems.length === 0) expect(JSON.parse(JSON.stringify(spec))).toHaveProperty("services");
  }
}

describe("any text is read without an exception", () => {
  test("made of values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...words.filter((word) => !word.includes("*"))), value)),
        (entries) => {
          readsWell(entries.map(([key, one]) => `${key}: ${one}`).join("\n"));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("a service made of values", () => {
    const fields = documentedKeys().flatMap(
      ({ path }) => /^services\.\*\.([^.]+)$/.exec(path)?.[1] ?? [],
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 8 }),
        (entries) => {
          readsWell(
            `services:\n  web:\n    image: a\n${entries.map(([key, one]) => `    ${key}: ${one}`).join("\n")}\n`,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a good file with mistakes", () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (changes) =>
        readsWell(mutated(SEED, changes)),
      ),
      { numRuns: 150 },
    );
  });

  test.skipIf(cases.length === 0)(
    "the shared cases with mistakes (skipped without ../shared/cases)",
    () => {
      const property = fc.property(
        fc.constantFrom(...cases),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        ({ folder, files, stack: name }, changes) => {
          const path = `/cases/${folder}`;
          const readFile = (file: string) =>
            file.endsWith(files[0] ?? "") ? mutated(readCase(file) ?? "", changes) : readCase(file);
          const { problems } = readCompose({
            files,
            read: readFile,
            variables: {},
            name,
            folder: path,
          });
          for (const { line } of problems) expect(line).toMatch(/:\d+:\d+$/);
        },
      );
      fc.assert(property, { numRuns: 60 });
    },
  );
});

describe("a file of 1 MB is read at once", () => {
  const service = (i: number) =>
    `  s${i}:\n    image: redis:\${T:-${i}}\n    environment:\n${Array.from({ length: 20 }, (_, j) => `      VAR_${j}: value ${j}\n`).join("")}    ports: ["${1000 + i}:80"]\n    volumes: ["d:/d"]\n`;
  const repeat = (part: string) => part.repeat(Math.ceil(1_000_000 / part.length));

  test.each([
    [
      "2,000 services",
      `services:\n${Array.from({ length: 1_900 }, (_, i) => service(i)).join("")}volumes: { d: }\n`,
    ],
    ["one list", `a: [${repeat("x,")}]`],
    [
      "one map",
      `services: { web: { image: a, environment: {${Array.from({ length: 60_000 }, (_, i) => ` A${i}: ${i},`).join("")}} } }`,
    ],
    ["the same key", `services:\n${repeat("  a: { image: b }\n")}`],
    [
      "unknown keys",
      `services:\n  web:\n    image: a\n${Array.from({ length: 40_000 }, (_, i) => `    key_number_${i}: 1\n`).join("")}`,
    ],
    ["ports", `services: { web: { image: a, ports: [${repeat('"1-65535",').slice(0, -1)}] } }`],
    [
      "as many ports as there are",
      `services: { web: { image: a, ports: [${'"1-65535",'.repeat(1_500).slice(0, -1)}] } }`,
    ],
    [
      "mounts",
      `services: { web: { image: a, volumes: [${Array.from({ length: 40_000 }, (_, i) => `"/a:/b${i}"`).join()}] } }`,
    ],
    ["brackets", "[".repeat(1_000_000)],
    ["merge keys", `x: &x { a: 1 }\nservices:\n  web:\n    image: a\n${repeat("    <<: *x\n")}`],
    [
      "anchors",
      `x:\n${Array.from({ length: 40_000 }, (_, i) => ` - &a${i} ${i}\n - *a${i}\n`).join("")}`,
    ],
    ["variables", `services: { web: { image: a, command: "${repeat("${A:-{}} $B ")}" } }`],
    ["open variables", `services: { web: { image: a, command: "${repeat("${A:-")}" } }`],
    ["an open quote", `services: { web: { image: "${repeat("a")}`],
    [
      "one long command",
      `services: { web: { image: a, command: ${repeat("word 'two three' ")} } }`,
    ],
    [
      "services that extend each other in turn",
      `services:\n${Array.from({ length: 5_000 }, (_, i) => `  s${i}: { extends: s${i + 1} }\n`).join("")}`,
    ],
    [
      "constraints",
      `services: { web: { image: a, deploy: { placement: { constraints: [${repeat("a==b,")}] } } } }`,
    ],
  ])("%s", (_, text) => {
    expect(timeOf(() => read(text))).toBeLessThan(3000);
  });
});
