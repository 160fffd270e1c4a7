import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { machinesOf, newestFirst, planLines } from "../../../tools/recover/newest";
import { endOfLog, readState } from "../../../tools/recover/raft-log";

const FIRST = "0000000000000000-0000000000000000.wal";

/** A number as protocol buffers write it. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const field = (at: number, value: number) => [...varint(at * 8), ...varint(value)];
const bytes = (at: number, value: readonly number[]) => [
  ...varint(at * 8 + 2),
  ...varint(value.length),
  ...value,
];

/** A record in the file: its length and how much fills it up, the record, and what fills it up. */
function framed(record: readonly number[]): number[] {
  const fill = (8 - (record.length % 8)) % 8;
  const header = Buffer.alloc(8);
  const flag = fill === 0 ? 0n : (0x80n | BigInt(fill)) << 56n;
  header.writeBigUInt64LE(BigInt(record.length) | flag);
  return [...header, ...record, ...new Array<number>(fill).fill(0)];
}

const entry = (term: number, index: number, content = 40) =>
  framed([
    ...field(1, 2),
    ...field(2, 12_345),
    ...bytes(3, [
      ...[...field(1, 0), ...field(2, term), ...field(3, index)],
      ...bytes(4, new Array<number>(content).fill(7)),
    ]),
  ]);
const state = (term: number) =>
  framed([...field(1, 3), ...bytes(3, [...field(1, term), ...field(2, 9), ...field(3, 1)])]);

const file = (...records: number[][]) => Buffer.from([...records.flat(), ...new Array(64).fill(0)]);

describe("a manager's raft log", () => {
  test("ends with its last entry, which a later one of the same number has replaced", () => {
    const log = file(state(2), entry(2, 299), entry(2, 300, 0), entry(2, 301, 300), state(3));
    expect(endOfLog(FIRST, log)).toEqual({ term: 2, index: 301 });
    expect(endOfLog(FIRST, file(entry(2, 300), entry(2, 301), entry(3, 300)))).toEqual({
      term: 3,
      index: 300,
    });
  });

  test("without entries ends before the first one that its name announces", () => {
    const name = "0000000000000004-00000000000003e8.wal";
    expect(endOfLog(name, file(state(7)))).toEqual({ term: 7, index: 999 });
    expect(endOfLog(FIRST, Buffer.alloc(0))).toEqual({ term: 0, index: 0 });
  });

  test("that was cut off ends with its last whole entry", () => {
    const whole = Buffer.from([...entry(5, 10), ...entry(5, 11)]);
    for (const cut of [1, 8, 30, entry(5, 11).length - 1]) {
      const left = whole.subarray(0, whole.length - cut);
      expect(endOfLog(FIRST, left)).toEqual({ term: 5, index: cut < 3 ? 11 : 10 });
    }
    expect(endOfLog(FIRST, whole.subarray(0, entry(5, 10).length + 4)).index).toBe(10);
  });

  test("is read as a host prints it; anything else is refused", () => {
    const content = gzipSync(file(entry(1, 8))).toString("base64");
    const kept = '{"LocalAddr":"","AdvertiseAddr":"10.64.1.6:2377"}';
    expect(readState(`${kept}\n${FIRST}\n${content}\n`)).toEqual({
      address: "10.64.1.6",
      log: { term: 1, index: 8 },
    });
    expect(() => readState(`${kept}\nnotes.txt\n${content}`)).toThrow(
      "notes.txt is not a file of a raft log",
    );
    expect(() => readState(`{}\n${FIRST}\n${content}`)).toThrow("keeps no address in a swarm");
  });
});

describe("a recovery", () => {
  const candidate = (name: string, term: number, index: number) => ({
    ...{ name, address: "10.64.1.6" },
    log: { term, index },
  });

  test("takes the log of the highest term, and of those the longest", () => {
    const order = newestFirst([
      candidate("a", 3, 900),
      candidate("c", 4, 120),
      candidate("b", 4, 120),
      candidate("d", 4, 119),
    ]);
    expect(order.map(({ name }) => name)).toEqual(["b", "c", "d", "a"]);
  });

  test("says what becomes of each manager", () => {
    const lines = planLines([candidate("a", 4, 120), candidate("b", 4, 119)], ["c"]);
    expect(lines).toEqual([
      "a has the newest log (entry 120 of term 4): it goes on as the only manager, with everything that the swarm has.",
      "b (entry 119 of term 4) leaves and joins it as a manager.",
      "c does not answer: its machine is replaced, and what only its log has is lost.",
    ]);
    expect(planLines([], ["c"])).toEqual([]);
  });

  test("replaces what holds the data of a lost manager", () => {
    const held = (type: string, name: string) => ({
      urn: `urn:pulumi:s::p::${type}::${name}`,
      type,
    });
    const volume = "docker:index/volume:Volume";
    const instance = "aws:ec2/instance:Instance";
    const resources = [
      held(volume, "a-data"),
      held(volume, "aa-data"),
      held(volume, "share-volume"),
      held(instance, "a-machine"),
      held(instance, "b-machine"),
      held("docker:index/container:Container", "a-data"),
    ];
    expect(machinesOf(["a"], resources)).toEqual([resources[0]?.urn, resources[3]?.urn]);
  });
});
