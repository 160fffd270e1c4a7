import { describe, expect, test } from "vitest";
import { dotEnvFile, rawEnvFile } from "../../components/compose/text/env-file";
import { plainScalar } from "../../components/compose/text/scalars";
import { shellWords } from "../../components/compose/text/shell-words";
import { SubstitutionError, substitute } from "../../components/compose/text/substitute";
import { read } from "./read";

describe("plain scalars, as Docker's YAML library reads them", () => {
  test.each([
    ["0440", 288, "288"],
    ["-0.0", -0, "-0"],
    ["0o17", 15, "15"],
    ["0x10", 16, "16"],
    ["0b11", 3, "3"],
    ["010", 8, "8"],
    ["08", 8, "8"],
    ["-017", -15, "-15"],
    ["+3", 3, "3"],
    ["1_000", 1000, "1000"],
    ["0", 0, "0"],
    ["12345678901234567890", Number("12345678901234567890"), "12345678901234567890"],
    ["100000000000000000000", 1e20, "1e+20"],
    ["1e6", 1e6, "1e+06"],
    ["999999.5", 999999.5, "999999.5"],
    ["1e3", 1000, "1000"],
    ["1.10", 1.1, "1.1"],
    [".5", 0.5, "0.5"],
    ["1e-7", 1e-7, "1e-07"],
    ["1e21", 1e21, "1e+21"],
    ["yes", "yes", "yes"],
    ["on", "on", "on"],
    ["22:22", "22:22", "22:22"],
    ["1.2.3", "1.2.3", "1.2.3"],
    ["_1", "_1", "_1"],
    ["2024-01-01", "2024-01-01", "2024-01-01"],
    ["-", "-", "-"],
    [".", ".", "."],
    ["true", true, "true"],
    ["FALSE", false, "false"],
    ["tRue", "tRue", "tRue"],
    ["~", null, ""],
    ["", null, ""],
    ["null", null, ""],
  ])("%s", (source, value, text) => {
    expect(plainScalar(source)).toEqual({ value, text });
  });
});

describe("variables", () => {
  const set: { readonly [name: string]: string } = { A: "a", EMPTY: "", N: "B" };
  const lookup = (name: string) => set[name];

  test.each([
    ["$A and ${A}", "a and a"],
    ["$A_x", ""],
    ["$$A $${A}", "$A ${A}"],
    ["${U-d} ${EMPTY-d} ${A-d}", "d  a"],
    ["${U:-d} ${EMPTY:-d} ${A:-d}", "d d a"],
    ["${U+r}${EMPTY+r}${A+r}", "rr"],
    ["${U:+r}${EMPTY:+r}${A:+r}", "r"],
    ["${A?no}${EMPTY?no}", "a"],
    ["${U:-${EMPTY:-${A}}}", "a"],
    ["${U:-$A-$N}", "a-B"],
    ["${A:-${U:?not reached}}", "a"],
    ["${U:-{{.Node.ID}}}", "{{.Node.ID}}"],
    ["{{.Task.Slot}}", "{{.Task.Slot}}"],
    ['${U:-{"k":{"n":1}}}', '{"k":{"n":1}}'],
    ["${U:-$2y$05$hash}", "$2y$05$hash"],
    ["${U:-line\nnext}", "line\nnext"],
    ["no variables", "no variables"],
  ])("%s", (text, made) => {
    expect(substitute(text, lookup)).toBe(made);
  });

  test.each([
    ["${U?}", "the required variable U is not set"],
    ["${U:?say ${A}}", "the required variable U is not set: say a"],
    ["${EMPTY:?e}", "the required variable EMPTY is not set: e"],
    ["$1", 'a `$` before "1"'],
    ["a$", 'a `$` before ""'],
    ["${}", "`${}`, which is not a variable"],
    ["${A B}", "`${A B}`, which is not a variable"],
    ["${A!x}", "`${A!x}`, which is not a variable"],
    ["${A", "a `${` without its `}`"],
    [`${"${U:-".repeat(40)}x${"}".repeat(40)}`, "variables nested too deeply"],
  ])("%s is refused", (text, message) => {
    expect(() => substitute(text, lookup)).toThrow(SubstitutionError);
    expect(() => substitute(text, lookup)).toThrow(message);
  });

  test.each([
    [
      "reg/$A-app:$B-x",
      "`$A-app:$B-x`, of which `docker stack deploy` takes what follows A as a default, and leaves it out",
      "`${A}-app:$B-x`",
    ],
    [
      "a$A:-b",
      "`$A:-b`, of which `docker stack deploy` takes what follows A as a default, and leaves it out",
      "`${A}:-b`",
    ],
    ["$A/x?", undefined, undefined],
    ["${A}-x $A $A- $$A-x ${A:-$B}", undefined, undefined],
  ])("%s is warned of where Docker takes more for the name", (text, found, fix) => {
    const { warnings } = read(`services: { web: { image: nginx:1, user: "${text}" } }`, {
      variables: { A: "a", B: "b" },
    });
    expect([warnings[0]?.found, warnings[0]?.fix]).toEqual([found, fix]);
  });

  test("those that are not set and have no default are named", () => {
    const unset: string[] = [];
    substitute("$X ${Y} ${Z:-z} $A", lookup, (name) => unset.push(name));
    expect(unset).toEqual(["X", "Y"]);
  });
});

describe("commands, as a shell splits them", () => {
  test.each([
    ["a  b\tc\nd", ["a", "b", "c", "d"]],
    [`a "b c" 'd \\e' f\\ g a"b"c`, ["a", "b c", "d \\e", "f g", "abc"]],
    [`"x\\"y" "z\\e"`, ['x"y', "ze"]],
    [`"" ''`, ["", ""]],
    ["a;b & c | $(d) `e` > f", ["a;b", "&", "c", "|", "$(d)", "`e`", ">", "f"]],
    ["a #b\nc d#e", ["a", "c", "d#e"]],
    ["run \\\n  --now", ["run", "--now"]],
    ["a\r\nb\u00a0c\u000bd", ["a", "b\u00a0c\u000bd"]],
    ["", []],
  ])("%j", (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });

  test.each(['a "b', "a 'b", `"a'`])("%s has an open quote", (text) => {
    expect(shellWords(text)).toBeUndefined();
  });
});

describe("env files", () => {
  const text = `\uFEFF# comment\r\n\n  A=1 # not a comment\nB="two"\nC\nexport D=x\nE=\n`;

  test("as docker stack deploy reads them: a value is all that follows", () => {
    expect(rawEnvFile(text)).toEqual([
      { name: "A", value: "1 # not a comment", line: 3 },
      { name: "B", value: '"two"', line: 4 },
      { name: "C", value: undefined, line: 5 },
      { name: "export D", value: "x", line: 6 },
      { name: "E", value: "", line: 7 },
    ]);
  });

  test("as compose reads them: quotes, export, comments and variables", () => {
    const lines = dotEnvFile(
      `A=1 # one\nexport B="two\\n$A"\nC='$A'\nD = \${A}\${X:-x}\nE\nF=pa$$word$1\nG="a\\"b"`,
      () => undefined,
    );
    expect(lines.map(({ name, value }) => [name, value])).toEqual([
      ["A", "1"],
      ["B", "two\n1"],
      ["C", "$A"],
      ["D", "1x"],
      ["E", undefined],
      ["F", "pa$$word$1"],
      ["G", 'a"b'],
    ]);
  });
});

describe("text without quotes of which YAML makes another", () => {
  const warningsOf = (yaml: string) =>
    read(`services: { web: { image: a, ${yaml} } }`).warnings.map(
      ({ path, found, fix }) =>
        `${path.replace("compose.yaml: services.web.", "")}: ${found} → ${fix}`,
    );

  test.each([
    ["environment: { V: 1.10 }", 'environment.V: 1.10, of which YAML makes "1.1" → "1.10"'],
    ["environment: { V: True }", 'environment.V: True, of which YAML makes "true" → "True"'],
    ["user: 0755", 'user: 0755, of which YAML makes "493" → "0755"'],
    ["labels: { V: 1_000 }", 'labels.V: 1_000, of which YAML makes "1000" → "1_000"'],
    ["command: [sleep, 010]", 'command[1]: 010, of which YAML makes "8" → "010"'],
  ])("%s", (yaml, warning) => {
    expect(warningsOf(yaml)).toEqual([warning]);
  });

  test.each([
    "environment: { V: '1.10', W: 1.5, X: true, Y: 12 }",
    "environment: [V=1.10]",
    "cpus: 0.50",
    "mem_limit: 0x4000000",
    "healthcheck: { retries: 03 }",
  ])("no warning: %s", (yaml) => {
    expect(warningsOf(yaml)).toEqual([]);
  });
});
