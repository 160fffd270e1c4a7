import { describe, expect, test } from "vitest";
import { problemsOf, read, serviceOf, specOf } from "./read";

const env = (yaml: string) =>
  specOf(`services:\n  web:\n    image: nginx:1\n${yaml}`).services.web?.env;

describe("merge keys", () => {
  test("the own keys of a map win, before and after", () => {
    const text =
      "x-a: &a { A: 1, B: 1, C: 1 }\nservices:\n  web:\n    image: nginx:1\n    environment:\n      B: 2\n      <<: *a\n      C: 3\n";
    expect(specOf(text).services.web?.env).toEqual({ A: "1", B: "2", C: "3" });
  });

  test("of two in one map the last wins", () => {
    const text =
      "x-a: &a { user: '1', tty: true }\nx-b: &b { user: '2' }\nservices:\n  web:\n    image: nginx:1\n    <<: *a\n    <<: *b\n";
    expect(specOf(text).services.web).toMatchObject({ user: "2", tty: true });
  });

  test("of a list of maps the first wins", () => {
    const text =
      "x-a: &a { A: 1 }\nx-b: &b { A: 2, B: 2 }\nservices:\n  web:\n    image: nginx:1\n    environment: { <<: [*a, *b] }\n";
    expect(specOf(text).services.web?.env).toEqual({ A: "1", B: "2" });
  });

  test("a quoted one is a key, and a text cannot be merged", () => {
    expect(env('    environment: { "<<": x }')).toEqual({ "<<": "x" });
    expect(problemsOf("services:\n  web:\n    image: a\n    <<: text\n")).toEqual([
      "compose.yaml:4:9 compose.yaml: `<<` with a single value → `<<: *name` with the name of a map's anchor",
    ]);
  });
});

describe("values", () => {
  test("numbers and truth values become text as Docker writes them", () => {
    expect(
      env("    environment: { A: 0x10, B: 010, C: 1.10, D: yes, E: true, F: '1.10' }"),
    ).toEqual({
      A: "16",
      B: "8",
      C: "1.1",
      D: "yes",
      E: "true",
      F: "1.10",
    });
  });

  test("an octal mode is octal, a decimal one decimal, and text stays text", () => {
    const made = serviceOf(
      "configs: [{ source: c, mode: 0440 }, { source: c, target: d, mode: 440 }]",
      "configs: { c: { content: x } }",
    );
    expect(made.configs).toEqual({
      c: { source: "c", mode: "0440" },
      d: { source: "c", mode: "0670" },
    });
    expect(serviceOf("user: !!str 0440").user).toBe("0440");
  });

  test("a decimal mode that reads as an octal one is warned of", () => {
    const said = (mode: string) =>
      read(
        `services: { web: { image: a, secrets: [{ source: s, mode: ${mode} }] } }\nsecrets: { s: { external: true } }`,
        { variables: { MODE: "0440" } },
      ).warnings.map(({ found, fix }) => `${found} → ${fix}`);
    const warning = "0670 in octal, as with `docker stack deploy` → `0440`";
    expect(said("440")).toEqual([`440, which is ${warning}`]);
    expect(said("$MODE")).toEqual([`0440, which is ${warning}`]);
    for (const mode of ["0440", "'440'", "288", "292", "256", "420"])
      expect(said(mode)).toEqual([]);
  });

  test("documents of one file are laid over each other", () => {
    const text =
      "services: { web: { image: a, user: '1' } }\n---\nservices: { web: { user: '2' } }\n---\n";
    expect(specOf(text).services.web).toMatchObject({ image: "a:latest", user: "2" });
    expect(read(text).warnings.map(({ line, found }) => `${line} ${found}`)).toEqual([
      "compose.yaml:3:1 a second document, which is laid over the first one; `docker stack deploy` leaves it out",
    ]);
  });

  test("keys such as __proto__ are plain keys", () => {
    const made = env("    environment: { __proto__: x, constructor: y, toString: z }") ?? {};
    expect(Object.entries(made)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
      ["toString", "z"],
    ]);
  });
});

describe("what is not YAML, or too much", () => {
  test.each([
    ["services:\n  web: [", "compose.yaml:2:9", "text that is not YAML"],
    ["services:\n\tweb: {}", "compose.yaml:2:1", "text that is not YAML"],
    ["a: b: c", "compose.yaml:1:4", "text that is not YAML"],
    ["- a", "compose.yaml:1:1", "a list"],
    ["text", "compose.yaml:1:1", "a single value"],
    ["services: { web: *no }", "compose.yaml:1:18", "*no, which no anchor before it defines"],
    ["services: &s { web: *s }", "compose.yaml:1:21", "*s inside of what it stands for"],
    [
      "services:\n  web: { image: a }\n  web: { image: b }",
      "compose.yaml:3:3",
      "the key `web` once more, which is already on line 2",
    ],
    ["? [a]\n: b", "compose.yaml:1:3", "a key that is not text"],
    [
      'services:\n  web:\n    image: "nginx\n    user: "1"\n',
      "compose.yaml:3:12",
      "text that is not YAML",
    ],
    [
      "services:\n  web:\n    image: 'nginx\n    user: u\n",
      "compose.yaml:3:12",
      "text that is not YAML: a quote that is not closed",
    ],
    [
      "services:\n  {% for x in y %}\n  web: { image: a }\n",
      "compose.yaml:2:4",
      "text that is not YAML: `{%`, which begins a template that nobody filled in",
    ],
    [
      "services: { web: { image: a, hostname: {{.Node.Hostname}} } }",
      "compose.yaml:1:40",
      "`{{` without quotes, which begins a map in a map",
    ],
  ])("%j", (text, line, found) => {
    const { problems } = read(text);
    expect(problems[0]).toMatchObject({ line });
    expect(problems[0]?.found).toContain(found);
  });

  test("aliases that stand for millions of values are refused at once", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `x-${i + 1}: &a${i + 1} [${new Array(10).fill(`*a${i}`)}]`,
    );
    const started = performance.now();
    expect(problemsOf(`x-0: &a0 [x]\n${levels.join("\n")}\n`)).toEqual([
      expect.stringMatching(/^compose.yaml:\d+:\d+ compose.yaml: \d+ values → split the file/),
    ]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("a nesting of thousands is refused", () => {
    expect(problemsOf(`a: ${"[".repeat(500)}${"]".repeat(500)}`)).toEqual([
      expect.stringContaining("values nested too deeply"),
    ]);
    expect(read(`a: ${"[".repeat(50_000)}`).problems.length).toBeGreaterThan(0);
  });

  test("an empty file has no services", () => {
    expect(read("").spec).toBeUndefined();
    for (const text of ["", "services:\n", "services: ~\n", "---\n"])
      expect(problemsOf(text)).toEqual([
        "compose.yaml:1:1 compose.yaml: no services → `services:`",
      ]);
  });
});
