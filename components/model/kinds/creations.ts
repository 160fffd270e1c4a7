import type { Checked } from "../fields/field";
import * as t from "../fields/types";

/** Services that programs of a platform create while they run. */
export const creationsFields = {
  /** Container labels by which they are known: name to the beginning of the value. @example { blue.agent: default. } */
  labels: t.texts().required(),
};

export type CreationsInputs = Checked<typeof creationsFields>;
