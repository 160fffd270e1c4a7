/** What the tasks of one service hold on a node. */
export interface Holding {
  /** Name of the service. */
  readonly service: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly generic: { readonly [kind: string]: number };
  /** Ports of the node, such as `8080/tcp`. */
  readonly ports: readonly string[];
}

/** What a task reserves; undefined means not reserved. */
export interface Reservation {
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly generic?: { readonly [kind: string]: number };
  /** Ports of the node, such as `8080/tcp`. */
  readonly ports?: readonly string[];
}

/** What a node offers tasks in total; undefined means unknown. */
export interface Capacity {
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly generic?: { readonly [kind: string]: number };
}

/** Sums of cores such as 0.1 + 0.2 are not exact; swarm counts in billionths of a core. */
const EPSILON = 1e-9;

/** Why a node has no room for a task: what is missing, and which services hold it. */
export function lackingRoom(
  wanted: Reservation,
  room: Capacity | undefined,
  holdings: readonly Holding[] = [],
): string[] {
  const has = (kind: string) => (room === undefined ? undefined : (room.generic?.[kind] ?? 0));
  const demands: Demanded[] = [
    { what: "cores", wanted: wanted.cpus, total: room?.cpus, of: ({ cpus }) => cpus },
    {
      what: "of memory",
      wanted: wanted.memoryBytes,
      total: room?.memoryBytes,
      of: ({ memoryBytes }) => memoryBytes,
      text: readableBytes,
    },
    ...Object.entries(wanted.generic ?? {}).map(([kind, amount]) => ({
      what: kind,
      wanted: amount,
      total: has(kind),
      of: ({ generic }: Holding) => generic[kind] ?? 0,
    })),
  ];
  return [
    ...demands.flatMap((demanded) => lacking(demanded, holdings)),
    ...(wanted.ports ?? []).flatMap((port) => takenPort(port, holdings)),
  ];
}

/** One thing that a task reserves. */
interface Demanded {
  readonly what: string;
  readonly wanted: number | undefined;
  readonly total: number | undefined;
  readonly of: (held: Holding) => number;
  /** @default up to three decimals */
  readonly text?: (amount: number) => string;
}

function lacking(demanded: Demanded, holdings: readonly Holding[]): string[] {
  const { what, wanted, total, of, text = (amount) => `${Number(amount.toFixed(3))}` } = demanded;
  if (wanted === undefined || total === undefined) return [];
  const holders = holdings.filter((one) => of(one) > 0).sort((a, b) => of(b) - of(a));
  const held = holders.reduce((sum, holder) => sum + of(holder), 0);
  if (wanted <= total - held + EPSILON) return [];
  const reserved = `reserves ${text(wanted)} ${what}`;
  if (holders.length === 0) return [`${reserved}, the node has ${text(total)}`];
  const named = holders.slice(0, 4).map((one) => `${one.service} holds ${text(of(one))}`);
  const more = holders.length > 4 ? [`${holders.length - 4} more services the rest`] : [];
  const free = text(Math.max(0, total - held));
  return [
    `${reserved}, the node has ${text(total)} of which ${free} free (${[...named, ...more].join(", ")})`,
  ];
}

function takenPort(port: string, holdings: readonly Holding[]): string[] {
  const holder = holdings.find(({ ports }) => ports.includes(port));
  return holder === undefined ? [] : [`its port ${port} is taken by ${holder.service}`];
}

/** A number of bytes as people write it: `23.5 GiB`. */
export function readableBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = bytes < 1 ? 0 : Math.min(5, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}
