import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { formatProblem } from "../../components/model/problem";

const repository = resolve(__dirname, "..", "..");

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A project folder with these files; gives the path of its environment file. */
function project(files: { readonly [path: string]: string }): string {
  const root = mkdtempSync(join(tmpdir(), "yard-config-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return join(root, "Pulumi.dev.yaml");
}

const platform = `
import type { PlatformSpec } from "nowhere";
export const platform = {
  folder: __dirname,
  secrets: { token: { config: "apiToken" } },
  services: { web: { image: "web:1", secrets: { token: { source: "token" } } } },
} satisfies PlatformSpec;
`;

describe("the environment files of the repository", () => {
  test.each(["local", "dev", "prod"])(
    "Pulumi.%s.yaml reads without problems or warnings",
    (name) => {
      const reading = readEnvironmentFile(join(repository, `Pulumi.${name}.yaml`));
      expect([...reading.problems, ...reading.warnings].map(formatProblem)).toEqual([]);
      expect(reading.environment?.name).toBe(name);
      expect(reading.environment?.platforms.length).toBeGreaterThan(0);
    },
  );

  test("dev is one zone of spot workers, destroyed completely; prod has three managers in three zones and keeps its data", () => {
    const read = (name: string) =>
      readEnvironmentFile(join(repository, `Pulumi.${name}.yaml`)).environment;
    const dev = read("dev");
    const prod = read("prod");
    expect(dev?.aws?.zones.map(({ zone }) => zone)).toEqual(["eu-west-1a"]);
    const workers = dev?.hosts.filter(({ role }) => role === "worker") ?? [];
    expect(workers.length).toBeGreaterThan(0);
    expect(workers.every((host) => host.kind === "aws" && host.aws.spot)).toBe(true);
    expect(dev?.share).toMatchObject({ kind: "efs", data: "delete" });
    expect(prod?.hosts.filter(({ role }) => role === "manager")).toHaveLength(3);
    expect(prod?.aws?.zones).toHaveLength(3);
    expect(prod?.share).toMatchObject({ kind: "efs", data: "keep" });
  });
});

const hosts = "  swarmyard:hosts: { groups: { a: { role: manager } } }\n";

describe("an environment file", () => {
  test("takes missing keys from Pulumi.yaml, as a whole", () => {
    const path = project({
      "Pulumi.yaml":
        "name: swarmyard\nconfig:\n  swarmyard:prefix: blue\n  share: { value: { kind: none } }\n  swarmyard:swarm: { publish: host, discovery: dnsrr }\n",
      "Pulumi.dev.yaml": `config:\n${hosts}  swarmyard:swarm: { publish: host }\n`,
    });
    const { environment, problems } = readEnvironmentFile(path);
    expect(problems).toEqual([]);
    expect(environment?.hosts[0]?.name).toBe("blue-dev-a-0");
    expect(environment?.share).toEqual({ kind: "none" });
    expect(environment?.swarm).toMatchObject({ publish: "host", discovery: "vip" });
  });

  test("fails with the line of each problem", () => {
    const path = project({
      "Pulumi.yaml": "name: swarmyard\nconfig:\n  swarmyard:prefix: Blue\n",
      "Pulumi.dev.yaml":
        "encryptionsalt: x\nconfig:\n  aws:region: eu-west-1\n  swarmyard:hosts:\n    groups:\n      a:\n        role: manager\n        names: [a, A]\n        cuont: 2\n",
    });
    const lines = readEnvironmentFile(path).problems.map(({ path, line }) => `${path} ${line}`);
    expect(lines).toEqual([
      "swarmyard:prefix Pulumi.yaml:3",
      "swarmyard:hosts.groups.a.cuont Pulumi.dev.yaml:9",
      "swarmyard:hosts.groups.a.names[1] Pulumi.dev.yaml:8",
    ]);
  });

  test("finds platforms in their folders and secrets among its values", () => {
    const file = (secret: string) =>
      project({
        "platforms/app/index.ts": platform,
        "Pulumi.dev.yaml": `config:\n${hosts}${secret}  swarmyard:platforms: { app: {} }\n`,
      });
    const found = readEnvironmentFile(file("  swarmyard:apiToken: { secure: v1:abc }\n"));
    expect(found.problems).toEqual([]);
    expect(Object.keys(found.environment?.platforms[0]?.plan.services ?? {})).toEqual(["web"]);
    expect(JSON.stringify(found.environment)).not.toContain("v1:abc");
    const missing = readEnvironmentFile(file("")).problems;
    expect(missing.map(({ fix }) => fix)).toEqual([
      "`apiToken: '<value>'` in Pulumi.dev.secrets.yaml (chmod 600)",
    ]);
    const plain = readEnvironmentFile(file("  swarmyard:apiToken: abc\n")).problems;
    expect(plain.map(({ found: text }) => text)).toEqual([
      '"apiToken", whose value in Pulumi config is not encrypted',
    ]);
  });
});

describe("a broken environment file", () => {
  test("fails when something inside a setting is encrypted", () => {
    const path = project({
      "Pulumi.dev.yaml": `config:\n${hosts}  swarmyard:aws: { region: { secure: v1:abc } }\n`,
    });
    const [problem] = readEnvironmentFile(path).problems;
    expect(problem).toMatchObject({
      path: "swarmyard:aws.region",
      found: "an encrypted value inside a setting",
      line: "Pulumi.dev.yaml:3",
    });
    expect(readEnvironmentFile(path).environment).toBeUndefined();
  });

  test("fails with file, line and text of what TypeScript a platform does not load for", () => {
    const path = project({
      "platforms/syntax/index.ts":
        "export const platform = {\n  folder: __dirname\n  services: {},\n};\n",
      "platforms/parts/index.ts":
        'import { services } from "./services";\nexport const platform = { folder: __dirname, services };\n',
      "platforms/parts/services.ts":
        "interface Some {\n  a: string;\n}\nfunction must(a?: Some) {\n  throw new Error('DATABASE_URL is missing\\nSet it.');\n}\nexport const services = must();\n",
      "platforms/lost/index.ts": '\nimport { a } from "./nothing";\nexport const platform = a;\n',
      "Pulumi.dev.yaml": `config:\n${hosts}  swarmyard:platforms: { syntax: {}, parts: {}, lost: {} }\n`,
    });
    const allowed = "TypeScript that loads without an error";
    const fix = "correct that line";
    expect(readEnvironmentFile(path).problems).toEqual([
      {
        path: "platforms/syntax/index.ts",
        line: "index.ts:3",
        found: 'an error: Expected "}" but found "services"',
        allowed,
        fix,
      },
      {
        path: "platforms/parts/services.ts",
        line: "services.ts:5",
        found: "an error: DATABASE_URL is missing",
        allowed,
        fix,
      },
      {
        path: "platforms/lost/index.ts",
        line: "index.ts:2",
        found: "an error: Cannot find module './nothing'",
        allowed,
        fix,
      },
    ]);
  });

  test("fails for a platform that exports no `platform`", () => {
    const path = project({
      "platforms/empty/index.ts": "export const plattform = {};\n",
      "Pulumi.dev.yaml": `config:\n${hosts}  swarmyard:platforms: { empty: {} }\n`,
    });
    expect(readEnvironmentFile(path).problems.map(({ path, found }) => [path, found])).toEqual([
      ["platforms/empty/index.ts", "an error: it does not export `platform`"],
    ]);
  });

  test("fails with the line of invalid YAML", () => {
    const path = project({ "Pulumi.dev.yaml": `config:\n${hosts}  swarmyard:hosts: {}\n` });
    expect(readEnvironmentFile(path).problems).toEqual([
      {
        path: "Pulumi.dev.yaml",
        found: "Map keys must be unique",
        allowed: "YAML",
        fix: "correct that line",
        line: "Pulumi.dev.yaml:3",
      },
    ]);
  });

  test("names the file whose aliases stand for more than memory holds", () => {
    const lines = Array.from({ length: 12 }, (_, i) => {
      const before = `*a${i - 1}`;
      return `  a${i}: &a${i} ${i === 0 ? "[x, x, x, x, x]" : `[${new Array(9).fill(before).join(", ")}]`}\n`;
    });
    const bomb = project({ "Pulumi.dev.yaml": `config:\n${lines.join("")}` });
    const found = "Excessive alias count indicates a resource exhaustion attack";
    expect(readEnvironmentFile(bomb).problems).toMatchObject([
      { path: "Pulumi.dev.yaml", line: "Pulumi.dev.yaml", found, fix: "write the values out" },
    ]);
    const open = project({ "Pulumi.dev.yaml": "config:\n  a: *nobody\n" });
    expect(readEnvironmentFile(open).problems).toMatchObject([{ path: "Pulumi.dev.yaml" }]);
  });

  test("fails under a name that names no environment", () => {
    expect(() => readEnvironmentFile("/tmp/settings.yaml")).toThrow(
      "its name must be Pulumi.<env>.yaml",
    );
  });
});

describe("secrets of a local environment", () => {
  const salt =
    "encryptionsalt: v1:0B6YilAcCBw=:v1:DsFuM46yYxqWKOWR:GawG4vuxibzyEvkg4tROt0MkMxCGsg==\n";
  const values = (more: string) => `config:\n${hosts}${more}  swarmyard:platforms: { app: {} }\n`;
  const encrypted = "  swarmyard:apiToken: { secure: v1:abc }\n";
  const files = (yaml: string, secrets?: string, mode = 0o600) => {
    const file = project({ "platforms/app/index.ts": platform, "Pulumi.dev.yaml": yaml });
    const path = join(dirname(file), "Pulumi.dev.secrets.yaml");
    if (secrets !== undefined) writeFileSync(path, secrets, { mode });
    return file;
  };

  test("are refused in the environment file under the passphrase that everyone knows", () => {
    const { problems } = readEnvironmentFile(files(`${salt}${values(encrypted)}`));
    expect(problems).toMatchObject([
      {
        path: "swarmyard:apiToken",
        line: "Pulumi.dev.yaml:4",
        found: "a secret under the public passphrase of local environments, which anyone can read",
        allowed: "a secret in Pulumi.dev.secrets.yaml, which git does not track",
        fix: "`apiToken: '<value>'` in Pulumi.dev.secrets.yaml (chmod 600), then `pulumi config rm swarmyard:apiToken --stack dev`; if the value was ever pushed, replace it where it is used",
      },
    ]);
  });

  test("are refused there too when another package reads them, also deep in a value", () => {
    const others =
      "  aws:secretKey: { secure: v1:abc }\n  aws:assumeRole: { ids: [{ externalId: { secure: v1:abc } }] }\n";
    const { problems } = readEnvironmentFile(files(`${salt}${values(others)}`, "apiToken: abc\n"));
    expect(problems).toEqual([
      {
        path: "aws:secretKey",
        keys: ["aws:secretKey"],
        line: "Pulumi.dev.yaml:4",
        found: "a secret under the public passphrase of local environments, which anyone can read",
        allowed: "what a package reads from its own files or variables, such as AWS_PROFILE",
        fix: "`pulumi config rm aws:secretKey --stack dev`; if the value was ever pushed, replace it where it is used",
      },
      expect.objectContaining({ path: "aws:assumeRole", line: "Pulumi.dev.yaml:5" }),
    ]);
    const salted = salt.replace("GawG4vux", "GawG4vuy");
    const own = readEnvironmentFile(files(`${salted}${values(others)}`, "apiToken: abc\n"));
    expect(own.problems).toEqual([]);
  });

  test("are taken from the file beside it, and with a salt of one's own from Pulumi config", () => {
    expect(readEnvironmentFile(files(`${salt}${values("")}`, "apiToken: abc\n")).problems).toEqual(
      [],
    );
    const other = salt.replace("GawG4vux", "GawG4vuy");
    expect(readEnvironmentFile(files(`${other}${values(encrypted)}`)).problems).toEqual([]);
  });

  test("are refused in a file that others can read, and no problem repeats a value", () => {
    const found = (secrets: string, mode?: number) =>
      readEnvironmentFile(files(values(""), secrets, mode)).problems.find(
        ({ path }) => path === "Pulumi.dev.secrets.yaml",
      );
    expect(found("apiToken: abc\n", 0o644)).toEqual({
      path: "Pulumi.dev.secrets.yaml",
      found: "mode 644, so that others on this machine can read it",
      allowed: "a file that only you can read",
      fix: "chmod 600 Pulumi.dev.secrets.yaml",
    });
    expect(found("apiToken: 12345678\n")?.found).toBe("a value of apiToken that is not text");
    expect(found("{ hush")?.found).toBe("no map");
  });

  test("are refused where not all machines are local: others do not have the file", () => {
    const aws = "  swarmyard:aws: { region: eu-west-1, adminCidrs: [203.0.113.0/24] }\n";
    const kind = "  swarmyard:hosts: { kind: aws, groups: { a: { role: manager } } }\n";
    const file = project({ "Pulumi.dev.yaml": `config:\n${kind}${aws}` });
    expect(readEnvironmentFile(file).problems).toEqual([]);
    writeFileSync(join(dirname(file), "Pulumi.dev.secrets.yaml"), "a: b\n", { mode: 0o600 });
    expect(readEnvironmentFile(file).problems.map(({ found }) => found)).toEqual([
      "a file of secrets for dev, whose machines are not all local",
    ]);
  });

  test("are tracked by no clone", () => {
    const path = "Pulumi.local.secrets.yaml";
    expect(execFileSync("git", ["check-ignore", path], { cwd: repository }).toString().trim()).toBe(
      path,
    );
  });
});
