import type { LiveTask } from "../../engine/live";

/** Where an error is final: another node may differ, and an image only when the registry says that it has none. */
export type Finality = "anywhere" | "on this node" | "image";

/** Something that Docker engines say when a container fails, in words that name what to do. */
export interface Known {
  readonly pattern: RegExp;
  readonly text: (match: RegExpExecArray, whole: string, task: LiveTask) => string;
  readonly remedy?: (match: RegExpExecArray) => string;
  /** @default a further try may end better */
  readonly final?: Finality;
}
