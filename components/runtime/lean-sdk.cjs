// Leaves out the parts of Pulumi's SDK and of zod that this program does not need. docs/design.md says what each part
// costs, under "Start-up"; tests/runtime fails when a part is no longer where this file looks for it.
const Module = require("node:module");
const path = require("node:path");

const sdk = `${path.sep}${path.join("@pulumi", "pulumi")}${path.sep}`;
const zod = `${path.sep}node_modules${path.sep}zod${path.sep}`;
const span = { setAttribute() {}, addEvent() {}, end() {} };

/** What turns functions into text, drives other programs, serves providers or translates: loaded when it is used. */
const late = {
  "typescript-shim.js": ["typescript"],
  "runtime/closure/codePaths.js": ["@npmcli/arborist", "normalize-package-data"],
  "runtime/manifest.js": ["js-yaml"],
  "index.js": ["./automation", "./provider", "./dynamic"],
  "runtime/settings.js": ["@opentelemetry/api"],
  "cmd/run/instrumentation.js": ["@opentelemetry/api"],
  "cmd/run/run.js": ["ini"],
  // Messages in 60 languages.
  "zod/v4/classic/external.cjs": ["../locales/index.cjs"],
  "zod/v4/core/index.cjs": ["../locales/index.cjs"],
};

/** The replacement of a module in one place, unless somebody asks for what it does. */
const instead = {
  // Writes spans where --tracing says.
  "cmd/run/run.js": { "./tracing": { start() {}, stop() {}, newSpan: () => span } },
  // Attaches a debugger, which slows everything after it, so that functions can be turned into text.
  "cmd/run/index.js": { "../../runtime/closure/v8Hooks": { isInitializedAsync: async () => {} } },
};

/** What is changed in a module once `what` is defined in it. */
const changed = {
  // Each promise records where it was created, for a message that asks to run again with this variable.
  "runtime/debuggable.js": {
    what: "debuggablePromise",
    how(module) {
      const { debuggablePromise, debugPromiseLeaks } = module;
      if (!debugPromiseLeaks) module.debuggablePromise = withoutTrace(debuggablePromise);
    },
  },
  // A call of the Pulumi engine for each of several messages per resource, which it drops unless --debug is given.
  "log/index.js": {
    what: "debug",
    how(module) {
      module.debug = () => Promise.resolve();
    },
  },
  // Each call carries the place in a trace, which is empty unless somebody traces.
  "runtime/settings.js": {
    what: "grpcClientOptions",
    how({ grpcClientOptions }) {
      if (!tracing) delete grpcClientOptions.interceptors;
    },
  },
  // Each resource records the lines that created it: a moved line would rewrite the whole state.
  "resource.js": {
    what: "Resource",
    how({ Resource }) {
      Resource.stackTrace = () => [];
    },
  },
};

const load = Module._load;
const debugging = Boolean(process.env.SWARMYARD_DEBUG);
const tracing =
  Boolean(process.env.TRACEPARENT) || process.argv.some((word) => /^--tracing/.test(word));
const done = new Set();

Module._load = function (request, parent, isMain) {
  // With SWARMYARD_DEBUG node maps stack traces itself.
  if (request === "source-map-support/register") return {};
  const from = placeOf(parent?.filename);
  if (from === undefined) return load.call(this, request, parent, isMain);
  if (late[from]?.includes(request))
    return whenUsed(() => load.call(this, request, parent, isMain));
  if (!debugging && !tracing && instead[from]?.[request]) return instead[from][request];
  const module = load.call(this, request, parent, isMain);
  if (!debugging) change(module, request, from);
  return module;
};

/** Where a file is in the SDK or in zod. */
function placeOf(file) {
  if (file?.includes(sdk)) return file.split(sdk).at(-1);
  return file?.includes(zod) ? `zod/${file.split(zod).at(-1)}` : undefined;
}

/** Changes a module of the SDK once, as soon as what is to be changed has been defined. */
function change(module, request, from) {
  if (!request.startsWith(".")) return;
  const place = path.join(path.dirname(from), request);
  const name = [`${place}.js`, path.join(place, "index.js")].find((file) => file in changed);
  const { what, how } = changed[name] ?? {};
  if (what === undefined || done.has(name) || module[what] === undefined) return;
  done.add(name);
  how(module);
}

function withoutTrace(call) {
  return (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return call(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** A stand-in for a module until it is used. */
function whenUsed(loaded) {
  const get = (_, name) => {
    if (name === "__esModule") return true;
    const module = loaded();
    return name === "default" && !module.__esModule ? module : module[name];
  };
  return new Proxy({}, { get });
}
