import type { ServiceSpec } from "../../components/model/platform/service-spec";

/** Rounds of the matrix: each is one `up` with all services. */
export const rounds = ["first", "next", "without"] as const;
export type Round = (typeof rounds)[number];

/** What a change does to a service's tasks: new ones, or the same (as many as there still are). */
export type Effect = "restart" | "keep";

/** One service of the matrix: one field, or a part of one. */
export interface Case {
  /** What it needs in every round. @default {} */
  readonly with?: Partial<ServiceSpec>;
  readonly first: Partial<ServiceSpec>;
  /** The field with another value. */
  readonly next: Partial<ServiceSpec>;
  /** What it takes to leave the field out. @default {} */
  readonly without?: Partial<ServiceSpec>;
  /** Of `first` to `next`. @default "restart" */
  readonly change?: Effect;
  /** Of `next` to `without`. @default that of the change */
  readonly removal?: Effect;
}

/** Cases by the field that they are about; no field may be forgotten. */
export type Cases<Field extends keyof ServiceSpec> = {
  readonly [Name in Field]: { readonly [part: string]: Case };
};

/** What a round says of a case's service, without what all services have. */
export function inRound(one: Case, round: Round): Partial<ServiceSpec> {
  return { ...one.with, ...(one[round] ?? {}) };
}

/** What a round does to the tasks, as seen from the round before. */
export function effectOf(one: Case, round: Round): Effect {
  const change = one.change ?? "restart";
  return round === "without" ? (one.removal ?? change) : change;
}
