import type { Texts, WirePlatform } from "./wire";

/** What the swarm says about the names that a service uses. */
export interface Resolved {
  /** The image, pinned to its digest if known. */
  readonly image: string;
  /** Platforms of the image, used when the inputs name none. */
  readonly platforms?: readonly WirePlatform[];
  /** Name to id. */
  readonly networks: Texts;
  readonly secrets: Texts;
  readonly configs: Texts;
  /** The ownership labels of the service. */
  readonly labels: Texts;
  /** @default the inputs' */
  readonly forceUpdate?: number;
}

/** The value of a name that was resolved before. @throws when it was not */
export function idOf(what: string, ids: Texts, name = ""): string {
  const id = ids[name];
  if (id === undefined) throw new Error(`the ${what} ${name} does not exist on the swarm`);
  return id;
}
