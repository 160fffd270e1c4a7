/** The reference that nodes pull: by digest, so that every node runs the same image. */
export function byDigest(repository: string, digest: string): string {
  return `${repository}@${digest}`;
}

/** Host of the registry that a reference or a registry's address begins with. */
export function hostOf(reference: string): string {
  return reference.split("/")[0] ?? reference;
}
