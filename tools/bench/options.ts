import { parseArgs } from "node:util";
import { machineUsage } from "./machines/options";

/** How large an environment is. */
export interface Size {
  readonly services: number;
  readonly nodes: number;
}

/** What to compare `up` with. */
export const peers = ["script", "docker", "ansible"] as const;

/** Name of a peer. */
export type PeerName = (typeof peers)[number];

/** What a benchmark measures. */
export interface BenchOptions {
  readonly sizes: readonly Size[];
  readonly peers: readonly PeerName[];
  /** File for the result. @default "bench.json" */
  readonly out: string;
  /** Keep what the file holds of other sizes. @default false */
  readonly add: boolean;
  /** Page whose table is replaced. @default none */
  readonly page?: string;
}

/** How it is called and what it takes. */
export const usage = `npm run bench -- [--services 20,100] [--nodes 4,8] [--peers ${peers.join(",")}|none] [--quick] [--out <file>] [--add] [--page <file>]`;

/** What `--help` prints. */
export const help = `${usage}
${machineUsage}

Measures up, changes and down beside other ways to do the same; docs/bench.md says what each is. With
"machines": how bare machines become a swarm with labels, beside an Ansible playbook.

  --services, --nodes  each number with each of the other (default: six sizes)
  --peers    what takes part beside swarmyard, or none
  --quick    5 services, 4 nodes, beside the script
  --out      file for the result (default: bench.json); --add keeps other sizes in it
  --page     page whose table is replaced

npm run bench -- systems --help says how compose files are measured.`;

/** More services on four nodes, then more nodes. */
const standard: readonly Size[] = [
  ...[5, 20, 100, 300].map((services) => ({ services, nodes: 4 })),
  ...[8, 16].map((nodes) => ({ services: 20, nodes })),
];

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const options = {
  ...{ services: text, nodes: text, peers: text, out: text, page: text },
  ...{ quick: flag, add: flag },
};

/** Reads the options of `npm run bench`. @throws Error for a wrong one */
export function parseBench(words: readonly string[]): BenchOptions {
  const { services, nodes, peers: named, out, page, quick, add } = read(words);
  return {
    sizes: sizesOf(services, nodes, quick),
    peers: peersOf(named ?? (quick ? "script" : peers.join(","))),
    out: out ?? "bench.json",
    add,
    ...(page === undefined ? {} : { page }),
  };
}

function read(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nRun: ${usage}`);
  }
}

function sizesOf(services: string | undefined, nodes: string | undefined, quick: boolean) {
  if (services === undefined && nodes === undefined) {
    return quick ? [{ services: 5, nodes: 4 }] : standard;
  }
  const [counts, machines] = [numbers(services ?? "20"), numbers(nodes ?? "4")];
  return machines.flatMap((of) => counts.map((count) => ({ services: count, nodes: of })));
}

function numbers(list: string): number[] {
  const found = list.split(",").map(Number);
  if (found.some((number) => !Number.isInteger(number) || number < 1)) {
    throw new Error(`"${list}" is not a list of whole numbers of at least 1.\nRun: ${usage}`);
  }
  return found;
}

function peersOf(list: string): readonly PeerName[] {
  const names = list === "none" ? [] : list.split(",");
  return names.map((name) => {
    const known = peers.find((peer) => peer === name);
    if (known === undefined) throw new Error(`There is no peer "${name}".\nRun: ${usage}`);
    return known;
  });
}
