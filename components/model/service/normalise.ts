import { formatBytes, formatDuration, parseBytes, parseDuration } from "../quantities";
import { UNKNOWN } from "../values";
import type { ServiceInputs } from "./inputs";

/** Makes a value canonical; undefined when it says nothing (it is absent, empty or the engine's default). */
type Canon = (value: unknown) => unknown;

/** Absent values stay absent and unknown ones unknown; `make` sees the others. */
function known(make: Canon): Canon {
  return (value) => {
    if (value === undefined || value === null) return undefined;
    return value === UNKNOWN ? UNKNOWN : make(value);
  };
}

const asIs = known((value) => value);
const duration = known((value) => formatDuration(parseDuration(value as string)));
const size = known((value) => formatBytes(parseBytes(value as string)));
const nanos = known((value) => Math.round((value as number) * 1e9) / 1e9);

/** Drops the engine's default. */
function unless(fallback: unknown, inner: Canon = asIs): Canon {
  return (value) => {
    const canonical = inner(value);
    return canonical === fallback ? undefined : canonical;
  };
}

function list(inner: Canon = asIs): Canon {
  return known((value) => {
    const items = (value as readonly unknown[]).map(inner);
    return items.length === 0 ? undefined : items;
  });
}

/** A list whose order means nothing: sorted, each item once. */
function set(inner: Canon = asIs): Canon {
  return known((value) => {
    const items = [...new Set((value as readonly unknown[]).map(inner))];
    return items.length === 0 ? undefined : sortedBy(items, (item) => String(item));
  });
}

/** A map with free keys. `empty` stands for a member that says nothing. */
function map(inner: Canon = asIs, empty?: unknown): Canon {
  return known((value) => {
    const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
    const sorted = sortedBy(members, ([key]) => key);
    const made = sorted.map(([key, member]) => [key, inner(member) ?? empty] as const);
    return made.length === 0 ? undefined : Object.fromEntries(made);
  });
}

function record(shape: { readonly [key: string]: Canon }): Canon {
  return known((value) => {
    const made = members(shape, value as { readonly [key: string]: unknown });
    return Object.keys(made).length === 0 ? undefined : made;
  });
}

function members(
  shape: { readonly [key: string]: Canon },
  value: { readonly [key: string]: unknown },
): { [key: string]: unknown } {
  const made = Object.entries(shape).map(([key, canon]) => [key, canon(value[key])] as const);
  return Object.fromEntries(made.filter(([, member]) => member !== undefined));
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}

const flag = unless(false);
const capability = known((value) => {
  const upper = String(value).toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
});

/** The engine keeps ratios in 32 bits: the shortest decimal of the same 32-bit number. */
const ratio = known((value) => {
  const kept = Math.fround(value as number);
  const texts = Array.from({ length: 9 }, (_, digit) => kept.toPrecision(digit + 1));
  return Number(texts.find((text) => Math.fround(Number(text)) === kept) ?? kept);
});

const file = record({
  source: asIs,
  uid: unless("0"),
  gid: unless("0"),
  mode: unless(0o444),
});

const mount = record({
  type: asIs,
  source: unless(""),
  readOnly: flag,
  volume: record({ noCopy: flag, labels: map(), driver: unless(""), driverOptions: map() }),
  bind: record({ propagation: unless("rprivate") }),
  tmpfs: record({ size: unless("0B", size), mode: unless(0) }),
});

const policy = record({
  parallelism: unless(1),
  delay: unless("0s", duration),
  failureAction: unless("pause"),
  monitor: unless("5s", unless("0s", duration)),
  maxFailureRatio: unless(0, ratio),
  order: unless("stop-first"),
});

const port = record({
  target: asIs,
  published: unless(0),
  protocol: unless("tcp"),
  mode: unless("ingress"),
});

const ports = known((value) => {
  const made = list(port)(value) as { readonly [key: string]: unknown }[] | undefined;
  const padded = (part: unknown) => String(part ?? 0).padStart(6, "0");
  return made === undefined
    ? undefined
    : sortedBy(made, ({ target, published, protocol, mode }) =>
        [padded(target), padded(published), String(protocol), String(mode)].join(" "),
      );
});

const task: { readonly [key: string]: Canon } = {
  entrypoint: list(),
  command: list(),
  hostname: unless(""),
  env: map(asIs, null),
  containerLabels: map(),
  user: unless(""),
  groups: list(),
  workingDir: unless(""),
  tty: flag,
  openStdin: flag,
  readOnly: flag,
  init: asIs,
  stopSignal: unless(""),
  stopGracePeriod: unless("10s", duration),
  extraHosts: map(),
  dns: record({ nameservers: list(), search: list(), options: list() }),
  sysctls: map(),
  capAdd: set(capability),
  capDrop: set(capability),
  ulimits: map(record({ soft: asIs, hard: asIs })),
  healthcheck: record({
    test: list(),
    interval: unless("0s", duration),
    timeout: unless("0s", duration),
    retries: unless(0),
    startPeriod: unless("0s", duration),
    startInterval: unless("0s", duration),
  }),
  mounts: map(mount),
  secrets: map(file),
  configs: map(file),
  resources: record({
    limits: record({ cpus: nanos, memory: size, pids: unless(0) }),
    reservations: record({ cpus: nanos, memory: size, generic: map() }),
  }),
  restart: record({
    condition: unless("any"),
    delay: unless("5s", duration),
    maxAttempts: unless(0),
    window: unless("0s", duration),
  }),
  placement: record({
    constraints: list(known((value) => String(value).trim())),
    spread: list(),
    maxReplicasPerNode: unless(0),
    platforms: list(),
  }),
  logging: record({ driver: unless(""), options: map() }),
  forceUpdate: unless(0),
};

const service: { readonly [key: string]: Canon } = {
  name: asIs,
  image: known((value) => String(value).trim()),
  ...task,
  networks: map(record({ name: asIs, aliases: set(), driverOptions: map() })),
  mode: unless("replicated"),
  replicas: unless(1),
  maxConcurrent: asIs,
  labels: map(),
  ports,
  endpointMode: unless("vip"),
  update: policy,
  rollback: policy,
  wait: flag,
  timeout: unless("5m", duration),
};

/**
 * The canonical form of valid inputs: quantities in their shortest text, lists without meaning in their
 * order sorted, and whatever equals the engine's default left out. Unknown values stay where they are.
 */
export function normalise(inputs: { readonly [key: string]: unknown }): ServiceInputs {
  const made = members(service, inputs);
  if (made.maxConcurrent === (made.replicas ?? 1)) delete made.maxConcurrent;
  return made as unknown as ServiceInputs;
}
