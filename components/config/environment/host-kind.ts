/** Kind of machines. */
export type HostKind = "local" | "aws" | "ssh";
