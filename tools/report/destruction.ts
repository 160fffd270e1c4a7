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
  "aws:efs/fileSystem:FileSystem": "share",
  "swarm:index:Cluster": "swarm",
  "swarm:index:Volume": "volume with data",
  "docker:index/volume:Volume": "volume with data",
};

const machine = "aws:ec2/instance:Instance";

/** Whether a state holds anything that cannot be brought back. Pure. */
export function holdsSomething(resources: readonly Held[]): boolean {
  return resources.some(({ type }) => words[type] !== undefined);
}

/** What `down` destroys, a line for each kind, and what stays. Pure. */
export function destroyedBy(resources: readonly Held[]): readonly string[] {
  const known = resources.filter(({ type }) => words[type] !== undefined);
  const gone = known.filter((held) => !stays(held)).map((held) => [wordOf(held), nameOf(held)]);
  const mounted = resources.flatMap(volumesOf).map((name) => ["volume with data", name]);
  const kept = known.filter(stays).map((held) => `  stays: ${wordOf(held)} ${nameOf(held)}`);
  return [...countedLines([...gone, ...mounted]), ...kept];
}

/** The steps of a preview that would destroy something, a line each, with the reason. Pure. */
export function destructiveSteps(steps: readonly Step[]): readonly string[] {
  const found = new Map<string, string>();
  for (const { op, urn, oldState, ...reasons } of steps) {
    if (oldState === undefined || words[oldState.type] === undefined || stays(oldState)) continue;
    if (!/^(delete|replace|create-replacement|delete-replaced)$/.test(op)) continue;
    const why = reasons.replaceReasons ?? reasons.diffReasons ?? [];
    const because = why.length === 0 ? "" : `, because of ${why.join(", ")}`;
    const how = op === "delete" ? "deletes" : "replaces";
    const held = { ...oldState, urn };
    const line = `  ${how} ${wordOf(held)} ${nameOf(held)}${because}`;
    // The steps of one replacement are one line; the first that says why is the best.
    if (!(found.get(urn) ?? "").includes("because")) found.set(urn, line);
  }
  return [...found.values()];
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

function wordOf({ type }: Held): string {
  return words[type] ?? type;
}

function nameOf({ urn = "", type, id }: Held): string {
  const name = urn.split("::").at(-1) ?? "";
  if (type === machine) return name.replace(/-machine$/, "");
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
