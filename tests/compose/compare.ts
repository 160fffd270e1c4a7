import type { Post } from "./deploy";

type Json =
  | { readonly [key: string]: unknown }
  | readonly unknown[]
  | string
  | number
  | boolean
  | null;
type Body = { [key: string]: unknown };

/** Something that we send differently on purpose. */
interface Difference {
  readonly reason: string;
  /** Removes the difference from what we send. */
  readonly ours?: (body: Body, post: string) => void;
  /** Removes it from what Docker sends. */
  readonly docker?: (body: Body, post: string) => void;
}

/** The body below keys, or an empty one. */
function at(body: Body, ...keys: readonly string[]): Body {
  let found: unknown = body;
  for (const key of keys) found = isMap(found) ? found[key] : undefined;
  return isMap(found) ? found : {};
}

function isMap(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listAt(body: Body, ...keys: readonly string[]): unknown[] {
  const last = keys.at(-1) ?? "";
  const list = at(body, ...keys.slice(0, -1))[last];
  return Array.isArray(list) ? list : [];
}

const CONTAINER = ["TaskTemplate", "ContainerSpec"] as const;
const HASH = /-[0-9a-f]{12}$/;

function dropDefaults(map: Body, defaults: { readonly [key: string]: unknown }): void {
  for (const [key, value] of Object.entries(defaults)) if (map[key] === value) delete map[key];
}

/** What the Docker engine takes for a field that is left out, wherever one of both sides says it. */
function engineDefaults(body: Body, post: string): void {
  if (post !== "/services/create") return;
  const mode = at(body, "Mode");
  if (isMap(mode.Replicated)) mode.Replicated = { Replicas: mode.Replicated.Replicas ?? 1 };
  for (const name of ["Global", "GlobalJob"]) if (isMap(mode[name])) mode[name] = "yes";
  if (isMap(mode.ReplicatedJob))
    mode.ReplicatedJob = { MaxConcurrent: 1, TotalCompletions: 1, ...mode.ReplicatedJob };
  dropDefaults(at(body, "EndpointSpec"), { Mode: "vip" });
  dropDefaults(at(body, "TaskTemplate", "RestartPolicy"), {
    Condition: "any",
    Delay: 5e9,
    MaxAttempts: 0,
    Window: 0,
  });
  dropDefaults(at(body, ...CONTAINER), { StopGracePeriod: 10e9 });
  for (const name of ["UpdateConfig", "RollbackConfig"]) {
    dropDefaults(at(body, name), {
      Order: "stop-first",
      FailureAction: "pause",
      MaxFailureRatio: 0,
      Monitor: 5e9,
      Delay: 0,
      Parallelism: 1,
    });
  }
  for (const port of listAt(body, "EndpointSpec", "Ports"))
    if (isMap(port)) port.Protocol ??= "tcp";
  for (const mount of listAt(body, ...CONTAINER, "Mounts")) {
    if (isMap(mount)) dropDefaults(at(mount, "BindOptions"), { Propagation: "rprivate" });
  }
}

/** Every difference that is meant, and why. */
export const differences: readonly Difference[] = [
  {
    reason:
      "our own labels say which stack and resource an object is of; `docker stack` does not read them",
    ours: (body) => {
      const labels = at(body, "Labels");
      for (const key of Object.keys(labels)) if (key.startsWith("swarmyard.")) delete labels[key];
    },
  },
  {
    reason:
      "the name of a secret or config ends with a hash of its content, so that new content can replace it",
    ours: (body, post) => {
      if (/secrets|configs/.test(post)) body.Name = String(body.Name).replace(HASH, "");
      for (const kind of ["Secret", "Config"]) {
        for (const file of listAt(body, ...CONTAINER, `${kind}s`)) {
          if (!isMap(file)) continue;
          for (const key of [`${kind}ID`, `${kind}Name`])
            file[key] = String(file[key]).replace(HASH, "");
        }
      }
    },
  },
  {
    reason: "every overlay gets a subnet of the environment's pool, so that no two overlap",
    ours: (body, post) => {
      if (post !== "/networks/create") return;
      const [block] = listAt(body, "IPAM", "Config");
      if (isMap(block) && String(block.Subnet).startsWith("10.201.")) delete body.IPAM;
    },
  },
  {
    reason: "we ask the Docker engine to refuse a second network of the same name",
    ours: (body) => delete body.CheckDuplicate,
  },
  {
    reason: "`encrypted` is on with any value; we send an empty one",
    docker: (body, post) => {
      const options = at(body, "Options");
      if (post === "/networks/create" && "encrypted" in options) options.encrypted = "";
    },
  },
  {
    reason: "what the Docker engine takes for a field that is left out means the same",
    ours: engineDefaults,
    docker: engineDefaults,
  },
];

/** A line of a comparison that is meant to be there. */
interface Meant {
  readonly reason: string;
  readonly line: RegExp;
}

/** What Docker leaves out without a word, or gets wrong, and we do right. */
export const meant: readonly Meant[] = [
  {
    reason:
      "`shm_size`: Docker leaves it out; a tmpfs of that size gives programs the memory that they ask for",
    line: /\.Mounts: we send \[\{"Target":"\/dev\/shm","TmpfsOptions":\{"SizeBytes":\d+\},"Type":"tmpfs"\}\], Docker \[\]$/,
  },
  {
    reason: "`tmpfs` and `shm_size`: Docker leaves both out without a word",
    line: /st_a.*\.Mounts: we send \[\{"Target":"\/dev\/shm",[^[\]]*,\{"Target":"\/run","Type":"tmpfs"\}\], Docker \[\]$/,
  },
  {
    reason: "the publish mode `overlay` does not exist; Docker engines take it as ingress",
    line: /\.Ports: we send \[\{.*"PublishMode":"ingress".*\}\], Docker \[\{.*"PublishMode":"overlay".*\}\]$/,
  },
  {
    reason: "a reservation of none of a resource asks for nothing",
    line: /\.Resources: we send nothing, Docker \{"Reservations":\{"GenericResources":\[\{"DiscreteResourceSpec":\{"Kind":"NVIDIA-GPU"\}\}\]\}\}$/,
  },
  {
    reason: "a default inside of a default: Docker passes the text of the inner one on",
    line: /\.Args: we send \["c"\], Docker \["\$\{B:-c\}"\]$/,
  },
];

/** Lists whose order means nothing. */
const UNORDERED = [
  "Env",
  "Mounts",
  "Networks",
  "Ports",
  "Secrets",
  "Configs",
  "Hosts",
  "CapabilityAdd",
  "CapabilityDrop",
  "Aliases",
  "Ulimits",
  "GenericResources",
];
/** Maps of people's own keys, in which empty text means something. */
const FREE = ["Labels", "Options", "DriverOpts", "Sysctls"];

/** Leaves out what is empty: to the API it is the same as absent. */
function tidy(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => tidy(item));
    if (!UNORDERED.includes(name)) return items;
    return items
      .map((item) => JSON.stringify(item))
      .sort()
      .map((text) => JSON.parse(text));
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const made = tidy(item, key);
    const empty =
      made === null ||
      made === false ||
      made === undefined ||
      (made === "" && !FREE.includes(name)) ||
      (typeof made === "object" && Object.keys(made).length === 0);
    return empty ? [] : [[key, made] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function prepared({ post, body }: Post, side: "ours" | "docker"): Post {
  const copy: Body = JSON.parse(JSON.stringify(body));
  for (const difference of differences) difference[side]?.(copy, post);
  return { post, body: tidy(copy) as Body };
}

/** What differs between the requests, a line for each; nothing when only meant differences are there. */
export function compare(ours: readonly Post[], docker: readonly Post[]): readonly string[] {
  const mine = byName(ours.map((post) => prepared(post, "ours")));
  const theirs = byName(docker.map((post) => prepared(post, "docker")));
  return [...new Set([...mine.keys(), ...theirs.keys()])].sort().flatMap((id) => {
    const [a, b] = [mine.get(id), theirs.get(id)];
    if (a === undefined) return [`${id}: only Docker makes it`];
    if (b === undefined) return [`${id}: only we make it`];
    return unequal(a.body as Json, b.body as Json, id);
  });
}

function byName(posts: readonly Post[]): ReadonlyMap<string, Post> {
  return new Map(posts.map((post) => [`${post.post.split("/")[1]} ${post.body.Name}`, post]));
}

function unequal(a: unknown, b: unknown, path: string): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (isMap(a) && isMap(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      unequal(a[key], b[key], `${path}.${key}`),
    );
  }
  const text = (value: unknown) => JSON.stringify(value) ?? "nothing";
  if (Array.isArray(a) && Array.isArray(b)) {
    const [x, y] = [a.map(text), b.map(text)];
    const extra = (of: readonly string[], than: readonly string[]) =>
      of.filter((item) => !than.includes(item)).join(",");
    if (x.join() !== y.join())
      return [`${path}: we send [${extra(x, y)}], Docker [${extra(y, x)}]`];
  }
  return [`${path}: we send ${text(a)}, Docker ${text(b)}`];
}
