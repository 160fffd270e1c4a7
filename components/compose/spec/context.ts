import type { ComposeRequest } from "../files/request";
import type { Findings } from "../findings";
import type { Place } from "../long/place";
import type { Lookup } from "../text/substitute";
import type { Node } from "../tree";
import type { Places } from "./places";
import type { Values } from "./values";

/** What every part of the translation needs. */
export interface Context extends Pick<Place, "base" | "home"> {
  readonly request: ComposeRequest;
  readonly lookup: Lookup;
  readonly findings: Findings;
  readonly values: Values;
  readonly places: Places;
  /** The whole file. */
  readonly root: Node;
}
