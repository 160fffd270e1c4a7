// Pulumi's SDK loads two things at its start that this program does without: the whole TypeScript
// compiler, which only turns functions into text, and a mapper of stack traces, of which the SDK
// takes one for each value. Together they take as long as the rest of the program.
const Module = require("node:module");
const path = require("node:path");

const shim = path.join("@pulumi", "pulumi", "typescript-shim.js");
const load = Module._load;

Module._load = function (request, parent, isMain) {
  if (request === "typescript" && parent?.filename?.endsWith(shim)) {
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
