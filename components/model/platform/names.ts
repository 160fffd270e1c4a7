/** Label by which `docker stack` commands know what belongs together. */
export const NAMESPACE_LABEL = "com.docker.stack.namespace";

/** Real name on the swarm of something of a platform: its own `name`, else `<platform>_<key>`. */
export function realName(platform: string, key: string, own?: string): string {
  return own ?? `${platform}_${key}`;
}

/** Labels of what a platform makes. */
export function labelsOf(
  platform: string,
  own: { readonly [key: string]: string } | undefined,
): { readonly [key: string]: string } {
  return { [NAMESPACE_LABEL]: platform, ...own };
}
