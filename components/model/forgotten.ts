/**
 * Variable with the addresses of machines that are gone for good, separated by commas; `1` means all that do not
 * answer. What we put on them stays there, and nothing waits for them. `--forget` sets it.
 */
export const FORGET_VARIABLE = "SWARMYARD_FORGET_UNREACHABLE";

/** Whether a machine that does not answer may go without being cleaned up. Pure. */
export function isForgotten(address: string, forgotten: string | undefined): boolean {
  return forgotten === "1" || (forgotten ?? "").split(",").includes(address);
}
