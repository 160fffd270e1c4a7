import { decodeMembers } from "../fields/field";
import { visibleLabels } from "../ownership";
import { isMap, sameValue } from "../paths";
import { withUnseen } from "./drift/unseen";
import { type ServiceInputs, serviceFields } from "./inputs";
import { modeSeen } from "./mode";
import { normalise } from "./normalise";
import { networkAttachment } from "./ports";
import type { Texts, WireAttachment, WireSpec } from "./wire";

/** What is known besides the service itself when it is read. */
export interface Known {
  /** Inputs of the last create, update or read. */
  readonly inputs?: ServiceInputs;
  /** The image that those inputs were resolved to. */
  readonly resolvedImage?: string;
  /** Network id to name. */
  readonly networks: Texts;
}

/**
 * The real state in the canonical form of the inputs: equal to the inputs of a service that
 * nobody touched. What only the Docker engine decides (digest, platforms of the image, forced restarts) is
 * not drift.
 */
export function observe(spec: WireSpec, known: Known): ServiceInputs {
  const { TaskTemplate: template = {} } = spec;
  const { inputs } = known;
  const image = template.ContainerSpec?.Image ?? "";
  const seen = decodeMembers(serviceFields, spec);
  const ofImage = image === known.resolvedImage && inputs?.placement?.platforms === undefined;
  const isFormer = inputs !== undefined && isFormerHostname(seen.hostname, inputs);
  return normalise({
    ...seen,
    hostname: isFormer ? undefined : seen.hostname,
    name: spec.Name,
    image: image === known.resolvedImage ? (inputs?.image ?? image) : image,
    placement:
      ofImage && isMap(seen.placement)
        ? { ...seen.placement, platforms: undefined }
        : seen.placement,
    networks: attachments(template.Networks ?? [], known),
    mounts: withUnseen(seen.mounts, inputs?.mounts),
    // A forced restart is not a change of the service.
    forceUpdate: inputs === undefined ? template.ForceUpdate : inputs.forceUpdate,
    ...modeSeen(spec.Mode ?? {}),
    labels: visibleLabels(spec.Labels),
    run: inputs?.run,
    wait: inputs?.wait,
    waitFor: inputs?.waitFor,
    timeout: inputs?.timeout,
  });
}

/** Attachments under the caller's keys where the network is known by one, else under the network's name. */
function attachments(live: readonly WireAttachment[], known: Known) {
  const keys = new Map(
    Object.entries(known.inputs?.networks ?? {}).map(([key, { name }]) => [name, key]),
  );
  return Object.fromEntries(
    live.map((attachment) => {
      const name = known.networks[attachment.Target ?? ""] ?? attachment.Target ?? "";
      const seen = decodeMembers(networkAttachment.is.members ?? {}, attachment);
      return [keys.get(name) ?? name, { ...seen, name }];
    }),
  );
}

/** Whether two templates make the same tasks: equal as inputs, with the same object ids. */
export function sameTasks(a: WireSpec, b: WireSpec, known: Known): boolean {
  const words = (spec: WireSpec) => observe({ TaskTemplate: spec.TaskTemplate }, known);
  return sameValue(words(a), words(b)) && sameValue(references(a), references(b));
}

/** Whether two bodies are the same service, so that writing one over the other changes nothing. */
export function sameService(a: WireSpec, b: WireSpec, known: Known): boolean {
  return sameValue(observe(a, known), observe(b, known)) && sameTasks(a, b, known);
}

function references({ TaskTemplate: template }: WireSpec): readonly unknown[] {
  const container = template?.ContainerSpec;
  return [
    container?.Image,
    template?.ForceUpdate ?? 0,
    ...(container?.Secrets ?? []).map(({ SecretID }) => SecretID).sort(),
    ...(container?.Configs ?? []).map(({ ConfigID }) => ConfigID).sort(),
  ];
}

/**
 * Whether a hostname is the one that versions up to 0.2.0 gave to a service that states none: its key
 * in the platform, with which its name ends. Such tasks keep it until something else changes them, so
 * that an upgrade restarts nothing.
 *
 * @param wanted name and hostname that are asked for now
 */
export function isFormerHostname(
  found: unknown,
  wanted: { readonly name: unknown; readonly hostname?: unknown },
): boolean {
  if (typeof found !== "string" || typeof wanted.name !== "string") return false;
  return wanted.hostname === undefined && wanted.name.endsWith(`_${found}`);
}
