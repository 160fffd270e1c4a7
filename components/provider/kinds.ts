import type { Properties } from "../model/values";
import { clusterKind } from "./cluster/kind";
import { rotationKind } from "./cluster/rotation";
import { ticketKind } from "./cluster/ticket";
import { configKind } from "./content/config";
import { secretKind } from "./content/secret";
import type { KindContext } from "./context";
import { keyKind } from "./key";
import type { Kind } from "./kind";
import { machineKind } from "./machine/machine";
import { scriptKind } from "./machine/script";
import { uploadKind } from "./machine/upload";
import { networkKind } from "./network/kind";
import { nodeKind } from "./node/kind";
import { creationsKind } from "./service/creations";
import { serviceKind } from "./service/kind";
import { rolloutKind } from "./service/rollout";
import { volumeKind } from "./volume";

// Inputs reach a kind's other functions only after its own check, which types them.
const all = [
  keyKind,
  machineKind,
  scriptKind,
  uploadKind,
  clusterKind,
  ticketKind,
  rotationKind,
  nodeKind,
  networkKind,
  volumeKind,
  secretKind,
  configKind,
  serviceKind,
  rolloutKind,
  creationsKind,
] as unknown as readonly Kind<Properties, KindContext>[];

/** All kinds of the provider by their type token. */
export const kinds: ReadonlyMap<string, Kind<Properties, KindContext>> = new Map(
  all.map((kind) => [kind.token, kind]),
);
