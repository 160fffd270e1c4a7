/** A capability as the kernel names it, without `CAP_`: `CAP_NET_ADMIN` and `net_admin` are the same one. Pure. */
export function capabilityName(word: string): string {
  return word.toUpperCase().replace(/^CAP_/, "");
}
