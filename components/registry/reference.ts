/** Reference that nodes pull: by digest, so that every node runs the same image. */
export function pinned(address: string, repository: string, digest: string): string {
  return `${address}/${repository}@${digest}`;
}
