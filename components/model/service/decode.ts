import { visibleLabels } from "../ownership";
import { isMap, sameValue } from "../paths";
import { formatBytes, formatDuration } from "../quantities";
import { observedContainer } from "./decode-container";
import type { ServiceInputs } from "./inputs";
import { normalise } from "./normalise";
import { given } from "./presence";
import type { Texts, WireAttachment, WirePolicy, WireSpec, WireTemplate } from "./wire";

/** What is known beside the service itself when it is read. */
export interface Known {
  /** Inputs of the last create, update or read. */
  readonly inputs?: ServiceInputs;
  /** The image that those inputs were resolved to. */
  readonly resolvedImage?: string;
  /** Network id to name. */
  readonly networks: Texts;
}

type Loose = { readonly [key: string]: unknown };

/**
 * What is really there, in the words of the inputs and canonical: equal to the inputs of a service that
 * nobody touched. What only the engine decides (digest, platforms of the image, forced restarts) is not drift.
 */
export function observe(spec: WireSpec, known: Known): ServiceInputs {
  const { TaskTemplate: template = {}, EndpointSpec: endpoint } = spec;
  const { inputs } = known;
  const image = template.ContainerSpec?.Image ?? "";
  return normalise({
    ...observedContainer(template.ContainerSpec ?? {}),
    name: spec.Name,
    image: image === known.resolvedImage ? (inputs?.image ?? image) : image,
    networks: attachments(template.Networks ?? [], known),
    resources: resources(template.Resources ?? {}),
    restart: given(template.RestartPolicy ?? undefined, (policy) => ({
      condition: policy.Condition,
      delay: given(policy.Delay ?? undefined, formatDuration),
      maxAttempts: policy.MaxAttempts,
      window: given(policy.Window ?? undefined, formatDuration),
    })),
    placement: placement(template.Placement ?? {}, known, image),
    logging: given(template.LogDriver ?? undefined, ({ Name: driver, Options: options }) => ({
      driver,
      options,
    })),
    // A restart that somebody forced is no change of the service.
    forceUpdate: inputs === undefined ? template.ForceUpdate : inputs.forceUpdate,
    ...mode(spec.Mode ?? {}),
    labels: visibleLabels(spec.Labels),
    ports: endpoint?.Ports?.map((port) => ({
      target: port.TargetPort,
      published: port.PublishedPort,
      protocol: port.Protocol,
      mode: port.PublishMode,
    })),
    endpointMode: endpoint?.Mode,
    update: policy(spec.UpdateConfig),
    rollback: policy(spec.RollbackConfig),
    wait: inputs?.wait,
    timeout: inputs?.timeout,
  });
}

/** Attachments under the caller's keys where the network is known by one, else under the network's name. */
function attachments(live: readonly WireAttachment[], known: Known): Loose {
  const keys = new Map(
    Object.entries(known.inputs?.networks ?? {}).map(([key, { name }]) => [name, key]),
  );
  return Object.fromEntries(
    live.map(({ Target: target = "", Aliases: aliases, DriverOpts: driverOptions }) => {
      const name = known.networks[target] ?? target;
      return [keys.get(name) ?? name, { name, aliases, driverOptions }];
    }),
  );
}

function resources({ Limits, Reservations }: NonNullable<WireTemplate["Resources"]>): Loose {
  const cpus = (nanos: number | undefined) => (nanos ? nanos / 1e9 : undefined);
  const memory = (bytes: number | undefined) => (bytes ? formatBytes(bytes) : undefined);
  const generic = (Reservations?.GenericResources ?? []).map(({ DiscreteResourceSpec }) => [
    DiscreteResourceSpec?.Kind,
    DiscreteResourceSpec?.Value ?? 0,
  ]);
  return {
    limits: {
      cpus: cpus(Limits?.NanoCPUs),
      memory: memory(Limits?.MemoryBytes),
      pids: Limits?.Pids,
    },
    reservations: {
      cpus: cpus(Reservations?.NanoCPUs),
      memory: memory(Reservations?.MemoryBytes),
      generic: Object.fromEntries(generic),
    },
  };
}

function placement(
  live: NonNullable<WireTemplate["Placement"]>,
  known: Known,
  image: string,
): Loose {
  const named = known.inputs?.placement?.platforms;
  const fromImage = named === undefined && image === known.resolvedImage;
  return {
    constraints: live.Constraints,
    spread: live.Preferences?.map(({ Spread }) => Spread?.SpreadDescriptor),
    maxReplicasPerNode: live.MaxReplicas,
    platforms: fromImage
      ? undefined
      : live.Platforms?.map(({ OS, Architecture }) => `${OS ?? ""}/${Architecture ?? ""}`),
  };
}

function mode(live: NonNullable<WireSpec["Mode"]>): Loose {
  if (isMap(live.Global)) return { mode: "global" };
  if (isMap(live.GlobalJob)) return { mode: "global-job" };
  if (!isMap(live.ReplicatedJob)) return { replicas: live.Replicated?.Replicas };
  const { TotalCompletions: replicas = 1, MaxConcurrent: maxConcurrent = 1 } =
    live.ReplicatedJob ?? {};
  return { mode: "replicated-job", replicas, maxConcurrent };
}

function policy(live: WirePolicy | null | undefined): Loose | undefined {
  return given(live ?? undefined, (found) => ({
    parallelism: found.Parallelism ?? 0,
    delay: given(found.Delay, formatDuration),
    failureAction: found.FailureAction,
    monitor: given(found.Monitor, formatDuration),
    maxFailureRatio: found.MaxFailureRatio,
    order: found.Order === "" ? undefined : found.Order,
  }));
}

/** Whether two templates make the same tasks: the same in the words of the inputs, and the same objects by id. */
export function sameTasks(a: WireSpec, b: WireSpec, known: Known): boolean {
  const words = (spec: WireSpec) => observe({ TaskTemplate: spec.TaskTemplate }, known);
  return sameValue(words(a), words(b)) && sameValue(references(a), references(b));
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
