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

const VOLUME = "volume with data";

/** What cannot be brought back, in words, by type. */
const words: { readonly [type: string]: string } = {
  "aws:ec2/instance:Instance": "machine",
  "swarm:index:Machine": "machine",
  "aws:efs/fileSystem:FileSystem": "share",
  "swarm:index:Cluster": "swarm",
  "swarm:index:Volume": VOLUME,
  "docker:index/volume:Volume": VOLUME,
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
  const givenBack = known.filter((held) => isGivenBack(held, named(held)));
  const stayed = known.filter(stays);
  const going = known.filter((held) => !stays(held) && !givenBack.includes(held));
  // What Docker made on a machine that stays is still there.
  const onMachines = givenBack.length > 0 && !going.some(endsMachine);
  const mounted = [...new Set(resources.flatMap(volumesOf))];
  const gone = going.map((held) => [wordOf(held), named(held)]);
  return [
    ...countedLines([...gone, ...(onMachines ? [] : mounted.map((name) => [VOLUME, name]))]),
    ...stayed.map((held) => `  stays: ${wordOf(held)} ${nameOf(held)}`),
    ...givenBack.map(
      (held) => `  stays: machine ${nameOf(held)}, which ${fateOf(held, resources)}`,
    ),
    ...(onMachines ? mounted.map((name) => `  stays: ${VOLUME} ${name}, on its machine`) : []),
  ];
}

/** What an `up` does to what cannot be brought back, a line each. */
export interface Destruction {
  /** What is lost, with the reason. */
  readonly destroyed: readonly string[];
  /** Machines that the environment gives back, with all that is on them. */
  readonly givenBack: readonly string[];
}

/** The steps of a preview that would destroy something, or give a machine back. Pure. */
export function destructiveSteps(steps: readonly Step[]): Destruction {
  const found = new Map<string, string>();
  const givenBack = new Set<string>();
  const all = steps.flatMap(({ op, urn, oldState, ...reasons }) => {
    if (!/^(delete|replace|create-replacement|delete-replaced)$/.test(op)) return [];
    return oldState === undefined ? [] : [{ op, held: { ...oldState, urn }, reasons }];
  });
  const going = all.filter(({ held }) => isKnown(held) && !stays(held));
  const named = namesIn(going.map(({ held }) => held));
  const resources = all.map(({ held }) => held);
  for (const { op, held, reasons } of going) {
    const name = named(held);
    if (op === "delete" && isGivenBack(held, name)) {
      givenBack.add(`  ${nameOf(held)} ${fateOf(held, resources)}`);
      continue;
    }
    const why = reasons.replaceReasons ?? reasons.diffReasons ?? [];
    const because = why.length === 0 ? "" : `, because of ${why.join(", ")}`;
    const line = `  ${deedOf(op, held, name)}${because}`;
    // The steps of one replacement are one line, and so are a machine and its Docker engine; the first that says
    // why is the best.
    const key = `${wordOf(held)} ${name}`;
    if (!(found.get(key) ?? "").includes("because")) found.set(key, line);
  }
  return { destroyed: [...found.values()], givenBack: [...givenBack] };
}

function deedOf(op: string, held: Held, name: string): string {
  // The machine itself stays where it is.
  if (name.endsWith(EMPTIED))
    return `deletes the Docker engine and data of machine ${nameOf(held)}`;
  return `${op === "delete" ? "deletes" : "replaces"} ${wordOf(held)} ${name}`;
}

/** Whether it is a machine that exists before and after the environment, and keeps all that is on it. */
function isGivenBack(held: Held, name: string): boolean {
  const { type, inputs } = held;
  // One that the program creates is waited for, and goes with its own resource.
  const isOwn = inputs?.patience !== undefined;
  return type === "swarm:index:Machine" && !isOwn && !name.endsWith(EMPTIED);
}

/** What becomes of a machine that is given back. */
function fateOf(machine: Held, resources: readonly Held[]): string {
  const name = nameOf(machine);
  const isItsNode = ({ type, inputs }: Held) =>
    type === "swarm:index:Node" && inputs?.node === name && inputs.stays === true;
  return resources.some(isItsNode) ? "stays in its swarm" : "leaves the swarm";
}

function endsMachine(held: Held): boolean {
  return wordOf(held) === "machine" || held.type === "docker:index/volume:Volume";
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
