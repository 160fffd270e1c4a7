import { parseArgs } from "node:util";

/** What takes part beside swarmyard. */
export const machinePeers = ["ansible"] as const;

/** What `npm run bench -- machines` measures. */
export interface MachineOptions {
  /** Numbers of machines. @default 2, 4 and 8 */
  readonly nodes: readonly number[];
  readonly peers: readonly (typeof machinePeers)[number][];
  /** File for the result. @default "bench-machines.json" */
  readonly out: string;
}

/** How it is called. */
export const machineUsage =
  "npm run bench -- machines [--nodes 2,4,8] [--peers ansible|none] [--out <file>]";

const text = { type: "string" } as const;

/** Reads the words after `machines`. @throws Error for a wrong one */
export function parseMachines(words: readonly string[]): MachineOptions {
  const { nodes = "2,4,8", peers = "ansible", out = "bench-machines.json" } = read(words);
  if (peers !== "ansible" && peers !== "none") {
    throw new Error(`There is no peer "${peers}".\nRun: ${machineUsage}`);
  }
  const counts = nodes.split(",").map(Number);
  if (counts.some((count) => !Number.isInteger(count) || count < 1 || count > 99)) {
    throw new Error(`"${nodes}" is not a list of numbers from 1 to 99.\nRun: ${machineUsage}`);
  }
  return { nodes: counts, peers: peers === "none" ? [] : [peers], out };
}

function read(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: { nodes: text, peers: text, out: text } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nRun: ${machineUsage}`);
  }
}
