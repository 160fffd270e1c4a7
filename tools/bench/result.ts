import { existsSync, readFileSync } from "node:fs";
import type { Size } from "./options";

/** One measured command. */
export interface Row extends Size {
  readonly subject: string;
  readonly step: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** SSH connections that the hosts accepted; absent when they cannot be counted. */
  readonly connections?: number;
  /** Tasks that ran before and were replaced; absent where there are none before or after. */
  readonly replaced?: number;
  readonly leastReplaced: number;
  /** What was wrong afterwards; absent when everything was right. */
  readonly problem?: string;
}

/** What a benchmark writes. */
export interface Result {
  readonly machine: string;
  readonly rows: readonly Row[];
}

/** What `name` took as a multiple of ours for the same step of the same size. Pure. */
export function ratioTo(rows: readonly Row[], row: Row, subject: string): number | undefined {
  const other = rows.find(
    (one) =>
      one.subject === subject &&
      one.step === row.step &&
      one.services === row.services &&
      one.nodes === row.nodes &&
      one.problem === undefined,
  );
  return other === undefined ? undefined : row.seconds / other.seconds;
}

/** Rows without those sizes that were measured again. Pure. */
export function withoutSizes(rows: readonly Row[], sizes: readonly Size[]): readonly Row[] {
  const again = (row: Row) =>
    sizes.some(({ services, nodes }) => services === row.services && nodes === row.nodes);
  return rows.filter((row) => !again(row));
}

/** Rows by size; the rows of one size keep their order. Pure. */
export function bySize(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => a.services - b.services || a.nodes - b.nodes);
}

/** Rows of an earlier result; none when there is no such file. */
export function earlierRows(file: string): readonly Row[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Result).rows : [];
}
