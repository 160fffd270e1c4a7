import type { Size } from "./options";

/** What is asked for at one moment; each step changes one thing of the one before. */
export interface Variation extends Size {
  readonly replicas: number;
  /** Value of the one variable that all services have. */
  readonly version: string;
  readonly secret: string;
}

/** One command of a subject, timed. */
export interface Step {
  readonly name: string;
  readonly command: "up" | "preview" | "down";
  readonly variation: Variation;
  /** Tasks that must be replaced, no matter how it is done. */
  readonly leastReplaced: number;
}

/** Every how many services one reads the secret. */
export const secretEvery = 5;

/** Services that read the secret. */
export function secretUsers({ services }: Size): number {
  return Math.ceil(services / secretEvery);
}

/** What is measured of one size, in order. */
export function stepsOf(size: Size): readonly Step[] {
  const first: Variation = { ...size, replicas: 1, version: "1", secret: "first" };
  const updated = { ...first, version: "2" };
  const scaled = { ...updated, replicas: 2 };
  const rotated = { ...scaled, secret: "second" };
  const up = (name: string, variation: Variation, leastReplaced = 0): Step => ({
    name,
    command: "up",
    variation,
    leastReplaced,
  });
  return [
    up("cold up", first),
    up("no change", first),
    { name: "preview", command: "preview", variation: updated, leastReplaced: 0 },
    up("update all", updated, size.services),
    up("scale all", scaled),
    up("rotate a secret", rotated, scaled.replicas * secretUsers(size)),
    { name: "down", command: "down", variation: rotated, leastReplaced: 0 },
  ];
}
