// What an older language host starts instead of the SDK's own program: it does not read the
// options in Pulumi.yaml, and would load ts-node and the whole compiler.
require("./typescript.cjs");
require("@pulumi/pulumi/cmd/run");
