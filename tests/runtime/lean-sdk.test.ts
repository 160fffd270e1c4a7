import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const checkout = resolve(__dirname, "../..");

function run(script: string, env: NodeJS.ProcessEnv = {}): string {
  const args = ["--require", "./components/runtime/lean-sdk.cjs", "--eval", script];
  return execFileSync(process.execPath, args, {
    cwd: checkout,
    env: { ...process.env, ...env },
    encoding: "utf8",
  }).trim();
}

const compiler =
  "Object.keys(require.cache).some((name) => /node_modules.(typescript.lib|@npmcli.arborist)/.test(name))";

test("the SDK loads without the compiler and npm's tree", () => {
  expect(run(`console.log(typeof require("@pulumi/pulumi").output, ${compiler})`)).toBe(
    "function false",
  );
}, 60_000);

test("functions can still be turned into text: then the compiler is loaded", () => {
  const script = `const { runtime } = require("@pulumi/pulumi");
    runtime.serializeFunction(() => 42).then(({ text }) => console.log(/42/.test(text), ${compiler}));`;
  expect(run(script)).toBe("true true");
}, 60_000);

test("the packages that a function needs can still be found: then npm's tree is loaded", () => {
  const script = `const { runtime } = require("@pulumi/pulumi");
    runtime.computeCodePaths().then((paths) => console.log(paths.size > 0));`;
  expect(run(script)).toBe("true");
}, 60_000);

// Each line fails when the SDK keeps the thing elsewhere: then it costs what docs/design.md says, or more.
test.each([
  ["typescript-shim.js", /require\("typescript"\)/],
  ["runtime/closure/codePaths.js", /require\("@npmcli\/arborist"\)/],
  ["runtime/closure/codePaths.js", /require\("normalize-package-data"\)/],
  ["index.js", /require\("\.\/automation"\)/],
  ["index.js", /require\("\.\/provider"\)/],
  ["index.js", /require\("\.\/dynamic"\)/],
  ["runtime/manifest.js", /require\("js-yaml"\)/],
  ["cmd/run/run.js", /require\("ini"\)/],
  ["runtime/settings.js", /require\("@opentelemetry\/api"\)/],
  [
    "runtime/settings.js",
    /grpcClientOptions = \{[^}]*interceptors: \[createTraceContextInterceptor\(\)\]/,
  ],
  ["cmd/run/instrumentation.js", /require\("@opentelemetry\/api"\)/],
  ["cmd/run/run.js", /require\("\.\/tracing"\)/],
  ["cmd/run/index.js", /require\("\.\.\/\.\.\/runtime\/closure\/v8Hooks"\)/],
])("the SDK's %s still has what is left out: %s", (file, pattern) => {
  const text = readFileSync(join(checkout, "node_modules/@pulumi/pulumi", file), "utf8");
  expect(text).toMatch(pattern);
});

const unneeded =
  "Object.keys(require.cache).filter((name) => /node_modules.(@opentelemetry|js-yaml|ini|zod.v4.locales.(?!en))/.test(name)).length";

test("the SDK and zod load without tracing, YAML and translations", () => {
  const script = `require("@pulumi/pulumi"); const { z } = require("zod"); console.log(z.string().parse("text"), ${unneeded})`;
  expect(run(script)).toBe("text 0");
}, 60_000);

test("zod's translations can still be used: then they are loaded", () => {
  const script = `const { z } = require("zod"); z.config(z.locales.de());
    console.log(z.string().safeParse(1).error.issues[0].message, ${unneeded} > 50)`;
  expect(run(script)).toBe("Ungültige Eingabe: erwartet string, erhalten Zahl true");
}, 60_000);

test.each([
  [{}, "undefined"],
  [{ TRACEPARENT: "00-1-1-00" }, "1"],
  [{ SWARMYARD_DEBUG: "1" }, "1"],
])(
  "calls carry a place in a trace only where somebody traces: %o",
  (env, count) => {
    const script = `require("@pulumi/pulumi");
    const { grpcClientOptions } = require("@pulumi/pulumi/runtime/settings");
    console.log(grpcClientOptions.interceptors?.length);`;
    expect(run(script, env)).toBe(count);
  },
  60_000,
);

const changes = `
  const sdk = require("@pulumi/pulumi");
  const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
  const made = Promise.resolve(1);
  const promise = debuggablePromise(made, "here");
  const limit = Error.stackTraceLimit;
  console.log(sdk.Resource.stackTrace(0).length, made._debugStackTrace.split("\\n").length, limit);
  promise.then((value) => console.log(value));`;

test("resources and promises record no stack, and errors of the program keep theirs", () => {
  expect(run(changes)).toBe("0 1 10\n1");
}, 60_000);

test("with SWARMYARD_DEBUG resources and promises record where they were created", () => {
  expect(run(changes, { SWARMYARD_DEBUG: "1" })).toMatch(/^[1-9]\d* ([2-9]|1\d) 10\n1$/);
}, 60_000);

test.each([
  [{}, "false"],
  [{ SWARMYARD_DEBUG: "1" }, "true"],
])(
  "debug messages reach Pulumi's engine only when they are asked for: %o",
  (env, sent) => {
    const script = `
    require("@pulumi/pulumi");
    const settings = require("@pulumi/pulumi/runtime/settings");
    let sent = false;
    settings.getEngine = () => ({ log: (_, done) => { sent = true; done(); } });
    require("@pulumi/pulumi").log.debug("text").then(() => console.log(sent));`;
    expect(run(script, env)).toBe(sent);
  },
  60_000,
);
