/** Label by which `docker stack` commands know what belongs together. */
export const NAMESPACE_LABEL = "com.docker.stack.namespace";

/**
 * Real name on the swarm of something of a platform: its own `name`, else `<platform>_<key>`.
 *
 * @param namespace the platform; undefined for one without a namespace, whose keys are the names
 */
export function realName(namespace: string | undefined, key: string, own?: string): string {
  return own ?? (namespace === undefined ? key : `${namespace}_${key}`);
}

/** Labels of what a platform makes. */
export function labelsOf(
  namespace: string | undefined,
  own: { readonly [key: string]: string } | undefined,
): { readonly [key: string]: string } {
  return namespace === undefined ? { ...own } : { [NAMESPACE_LABEL]: namespace, ...own };
}

/** What the names of a platform's things begin with; undefined for one without a namespace. */
export function namespaceOf(
  platform: string,
  { namespace }: { readonly namespace?: boolean },
): string | undefined {
  return namespace === false ? undefined : platform;
}
