import { isMap } from "../../components/model/merge";

/** A resource of a state, as far as it matters here. */
export interface Held {
  readonly urn?: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: { readonly [name: string]: unknown };
  /** URN of the component it is below. */
  readonly parent?: string;
  /** URNs of what it depends on. */
  readonly dependencies?: readonly string[];
  /** Secrets are encrypted. */
  readonly outputs?: { readonly [name: string]: unknown };
  readonly retainOnDelete?: boolean;
  readonly protect?: boolean;
  /** Another one has taken its place; it is yet to be deleted. */
  readonly delete?: boolean;
  /** It was read, not created. */
  readonly external?: boolean;
}

/** One step of `pulumi preview --json`. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: Held;
  readonly diffReasons?: readonly string[] | null;
  readonly replaceReasons?: readonly string[] | null;
}

/** What cannot be brought back, in words, by type. */
const words: { readonly [type: string]: string } = {
  "aws:ec2/instance:Instance": "machine",
  "swarm:index:Machine": "machine",
  "aws:efs/fileSystem:FileSystem": "share",
  "swarm:index:Cluster": "swarm",
  "swarm:index:Volume": "volume with data",
  "docker:index/volume:Volume": "volume with data",
};

/** Whether a state holds anything that cannot be brought back. Pure. */
export function holdsSomething(resources: readonly Held[]): boolean {
  return resources.some(isKnown);
}

function isKnown(held: Held): boolean {
  return words[held.type] !== undefined || purges(held);
}

/** Whether its deletion removes the Docker engine of an existing machine, with all data (`purge: true`). */
function purges({ urn = "", inputs }: Held): boolean {
  const script = inputs?.delete;
  const removes = typeof script === "string" && script.includes("rm -rf /var/lib/docker");
  return removes && urn.endsWith("-claim");
}

/** What `down` destroys, a line for each kind, and what stays. Pure. */
export function destroyedBy(resources: readonly Held[]): readonly string[] {
  const known = resources.filter(isKnown);
  const named = namesIn(known);
  const gone = known.filter((held) => !stays(held)).map((held) => [wordOf(held), named(held)]);
  const mounted = resources.flatMap(volumesOf).map((name) => ["volume with data", name]);
  const kept = known.filter(stays).map((held) => `  stays: ${wordOf(held)} ${nameOf(held)}`);
  return [...countedLines([...gone, ...mounted]), ...kept];
}

/** The steps of a preview that would destroy something, a line each, with the reason. Pure. */
export function destructiveSteps(steps: readonly Step[]): readonly string[] {
  const found = new Map<string, string>();
  const going = steps.flatMap(({ op, urn, oldState, ...reasons }) => {
    if (!/^(delete|replace|create-replacement|delete-replaced)$/.test(op)) return [];
    if (oldState === undefined || !isKnown({ ...oldState, urn }) || stays(oldState)) return [];
    return [{ op, held: { ...oldState, urn }, reasons }];
  });
  const named = namesIn(going.map(({ held }) => held));
  for (const { op, held, reasons } of going) {
    const why = reasons.replaceReasons ?? reasons.diffReasons ?? [];
    const because = why.length === 0 ? "" : `, because of ${why.join(", ")}`;
    const name = named(held);
    const line = `  ${verbOf(op, held, name)} ${wordOf(held)} ${name}${because}`;
    // The steps of one replacement are one line, and so are a machine and its Docker engine; the first that says
    // why is the best.
    const key = `${wordOf(held)} ${name}`;
    if (!(found.get(key) ?? "").includes("because")) found.set(key, line);
  }
  return [...found.values()];
}

function verbOf(op: string, { type }: Held, name: string): string {
  if (op !== "delete") return "replaces";
  // What is on an existing machine stays, unless its claim says otherwise.
  return type === "swarm:index:Machine" && !name.endsWith(EMPTIED) ? "takes away" : "deletes";
}

/** Protected resources of a state. Pure. */
export function protectedOnes(resources: readonly Held[]): readonly string[] {
  return resources.filter(({ protect }) => protect === true).map(nameOf);
}

function stays({ type, inputs, retainOnDelete, external }: Held): boolean {
  const keeps =
    (type === "swarm:index:Volume" && inputs?.onDelete === "keep") ||
    (type === "swarm:index:Cluster" && inputs?.stays === true);
  return retainOnDelete === true || external === true || keeps;
}

function wordOf(held: Held): string {
  return purges(held) ? "machine" : (words[held.type] ?? held.type);
}

const EMPTIED = " with its Docker engine and data";

/** Names of things that go together; a machine's says so when its Docker engine goes too. */
function namesIn(all: readonly Held[]): (held: Held) => string {
  const emptied = new Set(all.filter(purges).map(nameOf));
  return (held) => {
    const name = nameOf(held);
    const isEmptied = wordOf(held) === "machine" && emptied.has(name);
    return isEmptied ? `${name}${EMPTIED}` : name;
  };
}

function nameOf(held: Held): string {
  const { urn = "", type, id } = held;
  const name = urn.split("::").at(-1) ?? "";
  if (wordOf(held) === "machine") return name.replace(/-(machine|claim)$/, "");
  if (type === "swarm:index:Script") return name;
  return type === "swarm:index:Cluster" ? name : (id ?? name);
}

/** Volumes of nodes that services mount; Docker makes them, so they are not resources. */
function volumesOf({ type, inputs }: Held): readonly string[] {
  if (type !== "swarm:index:Service" || !isMap(inputs?.mounts)) return [];
  return Object.values(inputs.mounts).flatMap((mount) =>
    isMap(mount) && mount.type === "volume" && typeof mount.source === "string"
      ? [mount.source]
      : [],
  );
}

function countedLines(things: readonly (readonly string[])[]): readonly string[] {
  const kinds = [...new Set(Object.values(words))];
  return kinds.flatMap((word) => {
    const names = [...new Set(things.filter(([kind]) => kind === word).map(([, name]) => name))];
    if (names.length === 0) return [];
    return `  ${names.length} ${names.length === 1 ? word : pluralOf(word)}: ${names.join(", ")}`;
  });
}

function pluralOf(word: string): string {
  return word.replace(/^\S+/, (noun) => `${noun}s`);
}
