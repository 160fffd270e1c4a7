import fc from "fast-check";

/**
 * Properties run with the same values every time; fast-check prints the seed and the smallest
 * counterexample of one that fails. `SWARMYARD_SEED=<number>` tries other values.
 */
fc.configureGlobal({ seed: Number(process.env.SWARMYARD_SEED ?? 20_108), numRuns: 300 });

/** Keys of maps: names as they are common, and any other text. */
export const anyKey = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
);

/** An IPv4 network of whole bits, such as `10.64.0.0/16`. */
export const network = (bits: { readonly min: number; readonly max: number }) =>
  fc.record({ address: fc.nat(2 ** 32 - 1), bits: fc.integer(bits) }).map(({ address, bits }) => {
    const first = address - (address % 2 ** (32 - bits));
    return { first, last: first + 2 ** (32 - bits) - 1, bits };
  });

/** Dotted text of an address, written apart from the code under test. */
export const dotted = (address: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(address);
  return bytes.join(".");
};

export { fc };
