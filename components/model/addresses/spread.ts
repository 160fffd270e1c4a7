import { createHash } from "node:crypto";

/** A number from 0 to `size - 1` that depends on the text alone. */
export function spread(text: string, size: number): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6) % size;
}

/**
 * Gives each name a slot of its own from 0 to `size - 1`. A name's slot depends on the name
 * alone; if two clash, the later one takes the next free slot.
 * Names that find no free slot are omitted.
 */
export function allot(
  names: readonly string[],
  size: number,
  taken: (slot: number) => boolean = () => false,
): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  const used = new Set<number>();
  for (const name of names) {
    if (slots.has(name)) continue;
    const start = spread(name, size);
    for (let step = 0; step < size; step++) {
      const slot = (start + step) % size;
      if (used.has(slot) || taken(slot)) continue;
      slots.set(name, slot);
      used.add(slot);
      break;
    }
  }
  return slots;
}
