import { expect, test } from "vitest";
import { readCompose } from "../../components/compose/read-compose";
import { requested } from "../../tools/commands/convert";
import { conversionText, platformText } from "../../tools/report/conversion";

function convert(text: string): string {
  return conversionText(
    readCompose({
      files: ["compose.yaml"],
      folder: "/shop",
      read: (path) => (path === "/shop/compose.yaml" ? text : undefined),
      name: "shop",
      variables: { TOKEN: "very-secret" },
    }),
  );
}

const shop = `services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
    restart: always
    secrets: [token]
secrets:
  token: { environment: TOKEN }
`;

test("each key has its place, what becomes of it and why; then the platform in TypeScript", () => {
  const text = convert(shop);
  expect(text).toMatch(/^compose\.yaml:1 +services +taken/m);
  expect(text).toMatch(/^compose\.yaml:3 +services\.web\.image +taken/m);
  expect(text).toMatch(/^compose\.yaml:5 +services\.web\.restart +changed +\S/m);
  expect(text).toContain(`    web: {
      image: "nginx:1.27",`);
  expect(text).toContain(`      ports: [{
        target: 80,
        published: 8080,
      }],`);
});

test("the value of a secret does not appear: the platform reads it from Pulumi config", () => {
  const text = convert(shop);
  expect(text).not.toContain("very-secret");
  expect(text).toMatch(/token: \{\n {6}config: "token",/);
});

test("what is refused comes last, and no platform is printed", () => {
  const text = convert(
    `${shop}  other: { file: missing }\n`.replace("restart: always", "ipc: host"),
  );
  expect(text).toMatch(/^compose\.yaml:5 +services\.web\.ipc +refused +\S/m);
  expect(text).toContain("fix:");
  expect(text).not.toContain("export const platform");
});

test("the platform is TypeScript: keys in quotes where they need them", () => {
  expect(
    platformText({ folder: "/x", services: { "my-web": { command: ["a"], env: {} } } }),
  ).toBe(`import type { PlatformSpec } from "../../components/model/platform/spec";

export const platform: PlatformSpec = {
  folder: __dirname,
  services: {
    "my-web": {
      command: ["a"],
      env: {},
    },
  },
};`);
});

test("keys of somebody else's file command no terminal", () => {
  const text = convert('services: { web: { image: "a:1", "\\e[2J\\n::error::x": 1 } }');
  expect(text).toContain("the unknown key");
  expect(text).not.toContain("\u001b");
  expect(text).not.toMatch(/^\s*::/m);
});

test("files and options are read; without a file, or with an unknown option, the call is shown", () => {
  expect(requested(["a.yml", "--", "b.yml", "--profile", "x", "--env-file=.env"])).toEqual({
    files: ["a.yml", "b.yml"],
    envFiles: [".env"],
    profiles: ["x"],
    lenient: false,
  });
  expect(() => requested([])).toThrow("No compose file is named");
  expect(() => requested(["a.yml", "--strict"])).toThrow(/--strict/);
});

test("files of which nothing can be read begin with what is wrong", () => {
  expect(convert("a: b: c")).toMatch(/^compose\.yaml {2}\(compose\.yaml:1:4\)\n {2}found: /);
});
