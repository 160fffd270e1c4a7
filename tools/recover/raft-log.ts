import { gunzipSync } from "node:zlib";

/** How far the raft log of a manager reaches. */
export interface LogEnd {
  /** Term of the last entry; the higher one is newer. */
  readonly term: number;
  /** Number of the last entry; of two logs of one term the longer one is newer. */
  readonly index: number;
}

/** A manager's log, and the address that the other nodes know it by. */
export interface ManagerState {
  readonly address: string;
  readonly log: LogEnd;
}

/**
 * Script that prints what a manager's Docker engine keeps of its swarm on one line, then the name of the
 * last file of its raft log, and that file in base64. The entries are encrypted, but neither their numbers
 * nor their terms are. It does not ask the Docker engine, which is slow to answer without a leader.
 */
export const readStateScript = `root=/var/lib/docker
[ -d "$root/swarm/raft" ] || root=$(docker info --format '{{.DockerRootDir}}')
cd "$root/swarm/raft" || exit 1
tr -d '\\n' < ../docker-state.json
echo
for folder in wal-v3-encrypted wal-v3; do
  [ -d "$folder" ] || continue
  file=$(find "$folder" -name '*.wal' | sort | tail -n 1)
  [ -n "$file" ] || exit 1
  basename "$file"
  gzip -1 -c "$file" | base64 -w 0
  exit 0
done
exit 1`;

/**
 * Reads what {@link readStateScript} printed.
 *
 * @throws Error when it is not the state of a manager
 */
export function readState(output: string): ManagerState {
  const [kept = "", name = "", content = ""] = output.trim().split("\n");
  const { AdvertiseAddr: advertised } = JSON.parse(kept);
  if (typeof advertised !== "string" || advertised === "") {
    throw new Error("its Docker engine keeps no address in a swarm");
  }
  return {
    address: advertised.replace(/:\d+$/, ""),
    log: endOfLog(name, gunzipSync(Buffer.from(content, "base64"))),
  };
}

const ENTRY = 2;
const STATE = 3;
/** A record's length is in the lower 56 bits, the number of bytes that fill it up to 8 in the highest. */
const HEADER = 8;

/**
 * The last entry of a log's file: `<number>-<first entry>.wal`, with a record for each entry. A file that was cut off
 * ends with its last whole record. Pure.
 *
 * @throws Error when the name is not that of a log
 */
export function endOfLog(name: string, bytes: Buffer): LogEnd {
  const first = /^[0-9a-f]{16}-([0-9a-f]{16})\.wal$/.exec(name)?.[1];
  if (first === undefined) throw new Error(`${name} is not a file of a raft log`);
  let end: LogEnd = { term: 0, index: Math.max(0, Number.parseInt(first, 16) - 1) };
  for (const { type, data } of recordsIn(bytes)) {
    const fields = fieldsOf(data);
    if (type === ENTRY) end = { term: number(fields.get(2)), index: number(fields.get(3)) };
    // A file without entries begins with the state that the one before it ended in.
    if (type === STATE && end.term === 0) end = { ...end, term: number(fields.get(1)) };
  }
  return end;
}

interface LogRecord {
  readonly type: number;
  readonly data: Buffer;
}

function* recordsIn(bytes: Buffer): Generator<LogRecord> {
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const word = bytes.readBigUInt64LE(at);
    const size = Number(word & 0x00ff_ffff_ffff_ffffn);
    const filled = word >> 63n === 1n ? Number((word >> 56n) & 7n) : 0;
    const start = at + HEADER;
    // The rest of the file is empty, or was never written.
    if (size === 0 || start + size > bytes.length) return;
    const fields = fieldsOf(bytes.subarray(start, start + size));
    const data = fields.get(3);
    yield { type: number(fields.get(1)), data: Buffer.isBuffer(data) ? data : Buffer.alloc(0) };
    at = start + size + filled;
  }
}

type Value = bigint | Buffer;

/** Fields of a message in the form of protocol buffers, by number; what cannot be read ends it. */
function fieldsOf(bytes: Buffer): ReadonlyMap<number, Value> {
  const fields = new Map<number, Value>();
  for (let at = 0; at < bytes.length; ) {
    const [tag, afterTag] = varint(bytes, at);
    const [value, next] = varint(bytes, afterTag);
    const kind = Number(tag & 7n);
    if (kind === 0) {
      fields.set(Number(tag >> 3n), value);
      at = next;
    } else if (kind === 2) {
      fields.set(Number(tag >> 3n), bytes.subarray(next, next + Number(value)));
      at = next + Number(value);
    } else {
      return fields;
    }
  }
  return fields;
}

/** A number of seven bits per byte, the lowest first. @returns it and where the next one begins */
function varint(bytes: Buffer, start: number): readonly [bigint, number] {
  let value = 0n;
  for (let at = start, shift = 0n; at < bytes.length; at += 1, shift += 7n) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
  return [value, bytes.length];
}

function number(value: Value | undefined): number {
  return typeof value === "bigint" ? Number(value) : 0;
}
