// Pulumi's SDK loads three things at its start that this program does without: the whole TypeScript
// compiler and npm's model of a tree of packages, which only turn functions into text, and a mapper
// of stack traces, of which the SDK takes one for each value. Together they take longer than the
// rest of the program.
const Module = require("node:module");
const path = require("node:path");

const sdk = path.join("@pulumi", "pulumi");
/** What each of these files of the SDK loads only when it is used. */
const late = {
  typescript: path.join(sdk, "typescript-shim.js"),
  "@npmcli/arborist": path.join(sdk, "runtime", "closure", "codePaths.js"),
};
const load = Module._load;

Module._load = function (request, parent, isMain) {
  if (Object.hasOwn(late, request) && parent?.filename?.endsWith(late[request])) {
    return whenUsed(() => load.call(this, request, parent, isMain));
  }
  // With SWARMYARD_DEBUG node maps stack traces by itself.
  if (request === "source-map-support/register") return {};
  return load.call(this, request, parent, isMain);
};

/** Stands for a module until something of it is asked for. */
function whenUsed(loaded) {
  const get = (_, name) => (name === "__esModule" ? true : loaded()[name]);
  return new Proxy({}, { get });
}
