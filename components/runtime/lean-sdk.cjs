// Leaves out the parts of Pulumi's SDK that this program does not need. docs/design.md says what each part costs,
// under "Start-up"; tests/runtime fails when a part is no longer where this file looks for it.
const Module = require("node:module");
const path = require("node:path");

const sdk = `${path.sep}${path.join("@pulumi", "pulumi")}${path.sep}`;
const span = { setAttribute() {}, addEvent() {}, end() {} };

/** What turns functions into text, drives other programs, or serves providers: loaded when it is used. */
const late = {
  "typescript-shim.js": ["typescript"],
  "runtime/closure/codePaths.js": ["@npmcli/arborist", "normalize-package-data"],
  "index.js": ["./automation", "./provider", "./dynamic"],
  "runtime/settings.js": ["@opentelemetry/api"],
  "cmd/run/instrumentation.js": ["@opentelemetry/api"],
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
  const from = parent?.filename?.split(sdk).at(-1);
  if (from === undefined || from === parent.filename)
    return load.call(this, request, parent, isMain);
  if (late[from]?.includes(request))
    return whenUsed(() => load.call(this, request, parent, isMain));
  if (!debugging && !tracing && instead[from]?.[request]) return instead[from][request];
  const module = load.call(this, request, parent, isMain);
  if (!debugging) change(module, request, from);
  return module;
};

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
