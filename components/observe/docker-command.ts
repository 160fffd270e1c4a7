/** What a person types to run docker on the swarm of the stack that a resource belongs to. */
export function dockerCommand({ urn }: { readonly urn: string }): string {
  const stack = /^urn:pulumi:([^:]+)::/.exec(urn)?.[1];
  return `npm run docker --${stack === undefined || stack === "local" ? "" : ` -s ${stack}`}`;
}
