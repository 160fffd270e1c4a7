// Keeps V8's code for each file, and where the files of packages are: finding, reading and
// compiling a thousand files takes longer than everything that a run does with them.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { openPack } = require("./pack.cjs");

const head = "(function (exports, require, module, __filename, __dirname) { ";
const inPackage = `${path.sep}node_modules${path.sep}`;

/**
 * Lets node take files from a pack. A file of a package counts as unchanged while its time and size
 * are the same, and its location is kept until npm installs something.
 *
 * @param pack the file of the pack; each program that is started has its own
 * @returns ways to run a file: `kept` does while the pack has it with the same stamp and says whether
 * it did, `fresh` compiles a text and keeps it
 */
exports.keepCode = function keepCode({ root, pack: place }) {
  const inRoot = root + path.sep;
  const nameOf = (file) => (file.startsWith(inRoot) ? file.slice(inRoot.length) : file);
  const fileOf = (name) => (path.isAbsolute(name) ? name : inRoot + name);
  const pack = openPack(place, `${process.version} ${process.arch} ${installed(root)}`);

  function kept(module, file, stamp) {
    const found = pack.take(nameOf(file), stamp);
    if (found === undefined) return false;
    const script = compile(file, found.source, found.code);
    if (script.cachedDataRejected) pack.add(nameOf(file), { stamp, source: found.source, script });
    run(script, module, file);
    return true;
  }

  function fresh(module, file, stamp, source) {
    const script = compile(file, source);
    pack.add(nameOf(file), { stamp, source, script });
    run(script, module, file);
  }

  takePackages(kept, fresh);
  rememberPlaces(pack, nameOf, fileOf);
  process.on("exit", () => pack.write());
  return { kept, fresh };
};

/** Changes whenever npm changes what is installed. */
function installed(root) {
  const lock = path.join(root, "node_modules", ".package-lock.json");
  return stampOf(fs.statSync(lock, { throwIfNoEntry: false }));
}

function stampOf(stat) {
  return stat === undefined ? "" : `${stat.mtimeMs} ${stat.size}`;
}

function takePackages(kept, fresh) {
  const standard = Module._extensions[".js"];
  Module._extensions[".js"] = (module, file) => {
    if (!file.includes(inPackage)) return standard(module, file);
    const stamp = stampOf(fs.statSync(file));
    if (kept(module, file, stamp)) return;
    const compileHere = module._compile;
    module._compile = (code, name, ...rest) => {
      module._compile = compileHere;
      // An ES module, or one that starts with `#!`: newer versions of node pass the former here too.
      if (rest.includes("module") || code.startsWith("#!")) module._compile(code, name, ...rest);
      else fresh(module, file, stamp, code);
    };
    standard(module, file);
  };
}

/** Remembers what packages load, and what our files load from packages. Our own files are always looked up. */
function rememberPlaces(pack, nameOf, fileOf) {
  const resolve = Module._resolveFilename;
  const builtin = new Set(Module.builtinModules);
  Module._resolveFilename = function (request, parent, isMain, options) {
    const from = parent?.filename;
    const ours = !from?.includes(inPackage) && /^[./]/.test(request);
    if (!from || ours || options || builtin.has(request) || request.startsWith("node:")) {
      return resolve.call(this, request, parent, isMain, options);
    }
    const key = `${path.dirname(nameOf(from))} ${request}`;
    const known = pack.places.get(key);
    if (known !== undefined) return fileOf(known);
    const found = resolve.call(this, request, parent, isMain, options);
    pack.place(key, nameOf(found));
    return found;
  };
}

function compile(file, source, cachedData) {
  return new vm.Script(`${head}${source}\n})`, {
    filename: file,
    columnOffset: -head.length,
    cachedData,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function run(script, module, file) {
  const require = (request) => module.require(request);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  const body = script.runInThisContext();
  body.call(module.exports, module.exports, require, module, file, path.dirname(file));
}
