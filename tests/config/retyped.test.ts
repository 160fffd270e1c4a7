import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readEnvironmentFile, readValues } from "../../components/config/file/environment-file";
import { retypedIn } from "../../components/config/file/retyped";
import { configFiles } from "../../components/config/file/written";
import { isMap } from "../../components/model/merge";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const platform = `
export const platform = {
  folder: __dirname,
  secrets: { token: { random: 32 } },
  services: { web: { image: "web:1", secrets: { token: { source: "token" } } } },
};
`;

/** An environment file with this in the service `web`, in flow style. */
function file(web: string, more = "", projectFile = ""): string {
  const root = mkdtempSync(join(tmpdir(), "yard-retyped-"));
  folders.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("platforms/app/index.ts", platform);
  if (projectFile !== "") write("Pulumi.yaml", projectFile);
  const hosts = "  swarmyard:hosts: { groups: { a: { role: manager } } }\n";
  const platforms = `  swarmyard:platforms: { app: { services: { web: ${web} } } }\n`;
  write("Pulumi.dev.yaml", `config:\n${hosts}${platforms}${more}`);
  return join(root, "Pulumi.dev.yaml");
}

const said = (path: string) =>
  readEnvironmentFile(path).problems.map(({ path: place, found, fix }) => [place, found, fix]);
const web = "swarmyard:platforms.app.services.web";

describe("a value of env that YAML would change", () => {
  test.each([
    ["1.10", "1.1"],
    ["12345678901234567890", "12345678901234567000"],
    ["2024-01-01", "2024-01-01 00:00:00 +0000 UTC"],
    ["0x1F", "31"],
    ["022", "18"],
    ["1_000", "1000"],
    ["1e3", "1000"],
    ["True", "true"],
  ])("is refused: %s", (written, becomes) => {
    expect(said(file(`{ env: { VERSION: ${written} } }`))[0]).toEqual([
      `${web}.env.VERSION`,
      `${written} without quotes, which YAML reads as ${becomes}`,
      `\`VERSION: "${written}"\``,
    ]);
  });

  test.each([
    ["yes", "yes"],
    ["no", "no"],
    ["12:30", "12:30"],
    ["1.2.3", "1.2.3"],
    ["5", "5"],
    ["0.5", "0.5"],
    ["true", "true"],
    ['"1.10"', "1.10"],
    ["'0x1F'", "0x1F"],
    ["!!str 1.10", "1.10"],
  ])("is kept where it stays as it is: %s", (written, text) => {
    const { environment, problems } = readEnvironmentFile(file(`{ env: { VERSION: ${written} } }`));
    expect(problems).toEqual([]);
    expect(environment?.platforms[0]?.plan.services.web?.env).toEqual({ VERSION: text });
  });
});

test.each([
  ["{ labels: { version: 1.10 } }", "labels.version"],
  ["{ containerLabels: { version: 1.10 } }", "containerLabels.version"],
  ["{ sysctls: { net.core.somaxconn: 1_024 } }", 'sysctls["net.core.somaxconn"]'],
  ["{ user: 0100 }", "user"],
  ["{ logging: { driver: json-file, options: { max-file: 03 } } }", "logging.options.max-file"],
  ["{ secrets: { token: { source: token, uid: 0100 } } }", "secrets.token.uid"],
  ["{ labels: { 1.10: a } }", 'labels["1.1"]'],
])("other text too: %s", (written, place) => {
  expect(said(file(written)).map(([path]) => path)).toEqual([`${web}.${place}`]);
});

test("numbers may be written as YAML allows", () => {
  const numbers = "resources: { limits: { cpus: 0.50 } }, stopGracePeriod: 10s, replicas: 0x2";
  const modes = "secrets: { token: { source: token, mode: 0440 } }";
  const { environment, problems } = readEnvironmentFile(file(`{ ${numbers}, ${modes} }`));
  expect(problems).toEqual([]);
  expect(environment?.platforms[0]?.plan.services.web).toMatchObject({
    resources: { limits: { cpus: 0.5 } },
    replicas: 2,
    secrets: { token: { mode: 0o440 } },
  });
});

test("labels of hosts, and what the base of the project says", () => {
  const projectFile =
    "config:\n  swarmyard:bases:\n    value:\n      small: { hosts: { groups: { a: { labels: { zone: 010 } } } } }\n      other: { prefix: 1.10 }\n";
  const path = file("{}", "  swarmyard:base: small\n", projectFile);
  expect(said(path)).toEqual([
    [
      "swarmyard:hosts.groups.a.labels.zone",
      "010 without quotes, which YAML reads as 8",
      '`zone: "010"`',
    ],
  ]);
});

test("`up`, which gets the values from Pulumi, says the same as `map`", () => {
  const path = file("{ env: { A: 1.10, B: yes, C: 0440, D: 7 } }");
  const files = configFiles(dirname(path), path);
  // What Pulumi hands over, measured with 3.259.0.
  const plain = {
    hosts: { groups: { a: { role: "manager" } } },
    platforms: { app: { services: { web: { env: { A: 1.1, B: "yes", C: 288, D: 7 } } } } },
  };
  const values = { plain, secrets: [], problems: [], retyped: retypedIn(files) };
  const up = readValues("dev", values, dirname(path)).problems;
  const map = readEnvironmentFile(path).problems.map(({ line: _, ...problem }) => problem);
  expect(up).toEqual(map);
  expect(up.map(({ keys }) => keys?.at(-1))).toEqual(["A", "C"]);
});

describe("a map whose only key is `secure`", () => {
  test("is a label when its value is not text, and beside another one", () => {
    for (const labels of ["{ secure: true }", '{ secure: "yes", tier: web }']) {
      const { environment, problems } = readEnvironmentFile(file(`{ labels: ${labels} }`));
      expect(problems).toEqual([]);
      const found = environment?.platforms[0]?.plan.services.web?.labels;
      expect(isMap(found) && found.secure).toMatch(/^(true|yes)$/);
    }
  });

  test.each([
    ['"true"', "`secure: true` without quotes"],
    ["web", "write it into the platform's index.ts, where it is a label like any other"],
  ])("is refused as %s, which Pulumi would decrypt, with the way round it", (value, fix) => {
    const text = value.replaceAll('"', "");
    expect(said(file(`{ labels: { secure: ${value} } }`))).toEqual([
      [
        `${web}.labels.secure`,
        `"${text}" under the only name \`secure\`, which Pulumi takes for an encrypted value`,
        fix,
      ],
    ]);
  });
});
