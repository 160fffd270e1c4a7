/** Number of letters to insert, drop, replace or swap with their neighbor to turn one word into the other. */
export function distance(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, i) =>
    Array.from({ length: to.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= from.length; i++) {
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) best = Math.min(best, at(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = best;
    }
  }
  return at(from.length, to.length);
}

/** The known word that was probably meant, or undefined when none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    const extended =
      Math.min(lower.length, wanted.length) >= 3 &&
      (lower.startsWith(wanted) || wanted.startsWith(lower));
    const found = Math.min(distance(wanted, lower), extended ? limit : Number.POSITIVE_INFINITY);
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** Words for a list of what is known: `a, b, c`, or `none` when there is nothing. */
export function listed(known: readonly string[]): string {
  return known.length === 0 ? "none" : known.join(", ");
}

/** `did you mean \`x\`?` when a known word is close, else what to do instead. */
export function suggestion(word: string, known: readonly string[], otherwise: string): string {
  const near = nearest(word, known);
  return near === undefined ? otherwise : `did you mean \`${near}\`?`;
}
