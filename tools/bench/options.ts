import { Failure } from "../setup/failure";

/** How large an environment is. */
export interface Size {
  readonly services: number;
  readonly nodes: number;
}

/** Ways to do the same as our `up`, to compare with. */
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
  /** Page whose table is written anew. @default none */
  readonly page?: string;
}

/** More services on four nodes, then more nodes. */
const standard: readonly Size[] = [
  ...[5, 20, 100, 300].map((services) => ({ services, nodes: 4 })),
  ...[8, 16].map((nodes) => ({ services: 20, nodes })),
];

/** Reads the options of `npm run bench`. @throws Failure for one that does not exist */
export function parseBench(words: readonly string[]): BenchOptions {
  const given = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const [, name = "", value] = /^--(services|nodes|peers|out|page|quick|add)(?:=(.+))?$/.exec(
      words[index] ?? "",
    ) ?? [undefined, "", undefined];
    if (name === "") throw wrong(words[index] ?? "");
    const flag = name === "quick" || name === "add";
    given.set(name, value ?? (flag ? "yes" : (words[++index] ?? "")));
  }
  const quick = given.has("quick");
  return {
    sizes: sizesOf(given.get("services"), given.get("nodes"), quick),
    peers: peersOf(given.get("peers") ?? (quick ? "script" : peers.join(","))),
    out: given.get("out") ?? "bench.json",
    add: given.has("add"),
    ...(given.has("page") ? { page: given.get("page") } : {}),
  };
}

function sizesOf(services: string | undefined, nodes: string | undefined, quick: boolean) {
  if (services === undefined && nodes === undefined) {
    return quick ? [{ services: 5, nodes: 4 }] : standard;
  }
  const [counts, machines] = [numbers(services ?? "20"), numbers(nodes ?? "4")];
  return machines.flatMap((of) => counts.map((count) => ({ services: count, nodes: of })));
}

function numbers(text: string): number[] {
  const found = text.split(",").map(Number);
  if (found.some((number) => !Number.isInteger(number) || number < 1)) throw wrong(text);
  return found;
}

function peersOf(text: string): readonly PeerName[] {
  const names = text === "none" ? [] : text.split(",");
  const unknown = names.find((name) => !(peers as readonly string[]).includes(name));
  if (unknown !== undefined) throw wrong(unknown);
  return names as PeerName[];
}

function wrong(word: string): Failure {
  return new Failure(
    `The benchmark does not know ${word === "" ? "an empty word" : word}.`,
    "Type: npm run bench -- [--services 20,100] [--nodes 4,8] [--peers script,docker,ansible|none] [--quick] [--out <file>] [--add] [--page <file>]",
  );
}
