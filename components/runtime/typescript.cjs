// Lets `require` load TypeScript. Tsx translates a file once; the result is cached until the
// text changes, because loading tsx alone takes longer than loading everything else.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const root = path.resolve(__dirname, "../..");
const kept = path.join(root, "node_modules", ".cache", "swarmyard");
const { version } = require("tsx/package.json");
const inlineMap = /(sourceMappingURL=data:application\/json;base64,)(\S+)/;
const mapLine = /\n\/\/# sourceMappingURL=\S+\s*$/;
let translate;

// Most of our programs end before optimized code has paid for itself: V8 waits seven times as long
// as usual before it makes any. This comes first: code that is kept fits only one set of flags.
require("node:v8").setFlagsFromString("--interrupt-budget=500000");
require("./lean-sdk.cjs");
const { keepCode } = require("./kept-code.cjs");

// Tsx would keep its own copies among the temporary files.
process.env.TSX_DISABLE_CACHE = "1";
// An older language host of Pulumi does not read Pulumi.yaml's options: it would load ts-node and
// the whole compiler.
delete process.env.PULUMI_NODEJS_TYPESCRIPT;
// With it node maps stack traces, which it only can for files that it compiles itself.
const debugging = Boolean(process.env.SWARMYARD_DEBUG);
if (debugging) process.setSourceMapsEnabled(true);
const code = debugging ? undefined : keepCode({ root, pack: packOf(process.argv[1] ?? "eval") });
Module._extensions[".ts"] = load;

function load(module, file) {
  const key = keyOf(file);
  if (code?.kept(module, file, key)) return;
  const run = (text) =>
    code === undefined
      ? module._compile(text, file)
      : // The map is half of the text, and the copy keeps it.
        code.fresh(module, file, key, text.replace(mapLine, ""));
  const copy = path.join(kept, `${key}.js`);
  const text = read(copy);
  if (text === undefined) translateInto(copy, module, file, run);
  else run(text);
}

/** The source map of a translated file; undefined when no copy of it is kept. */
exports.mapOf = function mapOf(file) {
  const found = inlineMap.exec(read(path.join(kept, `${keyOf(file)}.js`)) ?? "")?.[2];
  return found && new Module.SourceMap(JSON.parse(Buffer.from(found, "base64").toString()));
};

/** Each program that is started has a pack of its own. */
function packOf(main) {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS].join(" ");
  const text = `${path.relative(root, path.resolve(main))} ${flags}`;
  const name = createHash("sha1").update(text).digest("hex");
  return path.join(kept, `${name}.pack`);
}

/** Copies of this checkout share the cache, so paths are relative to the root. */
function keyOf(file) {
  const hash = createHash("sha1").update(
    `2 ${version} ${process.version} ${path.relative(root, file)}\0`,
  );
  return hash.update(fs.readFileSync(file)).digest("hex");
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Lets tsx load a file, and keeps what it hands to the compiler. */
function translateInto(copy, module, file, run) {
  translate ??= takeTranslator();
  const compile = module._compile;
  module._compile = (code) => {
    module._compile = compile;
    const text = withoutPlace(code, file);
    keep(copy, text);
    run(text);
  };
  translate(module, file);
}

function takeTranslator() {
  require("tsx/cjs");
  const theirs = Module._extensions[".ts"];
  Module._extensions[".ts"] = load;
  return theirs;
}

/** The code without the file's path, which differs between copies of this checkout. */
function withoutPlace(code, file) {
  return code
    .replace(`__filename=${JSON.stringify(file)};`, "")
    .replace(inlineMap, (_, head, text) => {
      const map = JSON.parse(Buffer.from(text, "base64").toString());
      const placed = JSON.stringify({ ...map, sources: [path.basename(file)] });
      return head + Buffer.from(placed).toString("base64");
    });
}

/** Written to a temporary file and renamed, since others may do the same; without a writable cache it still works. */
function keep(copy, code) {
  try {
    fs.mkdirSync(kept, { recursive: true });
    const draft = `${copy}.${process.pid}`;
    fs.writeFileSync(draft, code);
    fs.renameSync(draft, copy);
  } catch {
    // A folder that only another user can write to.
  }
}
