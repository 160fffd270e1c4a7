/** What a person runs to use docker on the swarm of a stack. */
export function dockerCommand({ stack }: { readonly stack: string }): string {
  return `npm run docker --${stack === "local" ? "" : ` -s ${stack}`}`;
}
