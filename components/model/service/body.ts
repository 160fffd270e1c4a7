import { parseBytes, parseDuration } from "../quantities";
import { containerBody } from "./container";
import type { Port, Resources, ServiceInputs, TaskInputs, UpdatePolicy } from "./inputs";
import { filled, given, sortedEntries } from "./presence";
import { idOf, type Resolved } from "./resolved";
import type { WirePlatform, WirePolicy, WirePort, WireSpec, WireTemplate } from "./wire";

/** The Engine API body of a service, with names resolved: what `docker stack deploy` would send for it. */
export function serviceBody(inputs: ServiceInputs, resolved: Resolved): WireSpec {
  return {
    Name: inputs.name,
    Labels: { ...inputs.labels, ...resolved.labels },
    TaskTemplate: templateBody(inputs, resolved),
    Mode: modeBody(inputs),
    UpdateConfig: given(inputs.update, policyBody),
    RollbackConfig: given(inputs.rollback, policyBody),
    EndpointSpec: { Mode: inputs.endpointMode, Ports: inputs.ports?.map(portBody) },
  };
}

function templateBody(inputs: ServiceInputs, resolved: Resolved): WireTemplate {
  const networks = Object.values(inputs.networks ?? {}).sort((a, b) => (a.name < b.name ? -1 : 1));
  const attachments = networks.map((network) => ({
    Target: idOf("network", resolved.networks, network.name),
    Aliases: network.aliases,
    DriverOpts: network.driverOptions,
  }));
  return {
    ContainerSpec: containerBody(inputs, resolved),
    Resources: given(inputs.resources, resourcesBody),
    RestartPolicy: given(inputs.restart, (restart) => ({
      Condition: restart.condition,
      Delay: given(restart.delay, parseDuration),
      MaxAttempts: restart.maxAttempts,
      Window: given(restart.window, parseDuration),
    })),
    Placement: placementBody(inputs, resolved),
    Networks: filled(attachments),
    LogDriver: given(inputs.logging, ({ driver, options }) => ({ Name: driver, Options: options })),
    ForceUpdate: resolved.forceUpdate ?? inputs.forceUpdate ?? 0,
  };
}

function placementBody(inputs: TaskInputs, resolved: Resolved): WireTemplate["Placement"] {
  const { constraints, spread, maxReplicasPerNode, platforms } = inputs.placement ?? {};
  return {
    Constraints: constraints,
    Preferences: spread?.map((key) => ({ Spread: { SpreadDescriptor: key } })),
    MaxReplicas: maxReplicasPerNode,
    Platforms: platforms?.map(platformBody) ?? resolved.platforms,
  };
}

function platformBody(platform: string): WirePlatform {
  const [os, architecture] = platform.split("/");
  return { Architecture: architecture, OS: os };
}

function resourcesBody({ limits, reservations }: Resources): WireTemplate["Resources"] {
  const nanos = (cpus: number) => Math.round(cpus * 1e9);
  return {
    Limits: given(limits, ({ cpus, memory, pids }) => ({
      NanoCPUs: given(cpus, nanos),
      MemoryBytes: given(memory, parseBytes),
      Pids: pids,
    })),
    Reservations: given(reservations, ({ cpus, memory, generic }) => ({
      NanoCPUs: given(cpus, nanos),
      MemoryBytes: given(memory, parseBytes),
      GenericResources: filled(
        sortedEntries(generic).map(([kind, count]) => ({
          DiscreteResourceSpec: { Kind: kind, Value: count },
        })),
      ),
    })),
  };
}

function modeBody(inputs: ServiceInputs): WireSpec["Mode"] {
  const { mode = "replicated", replicas = 1 } = inputs;
  if (mode === "global") return { Global: {} };
  if (mode === "global-job") return { GlobalJob: {} };
  if (mode === "replicated") return { Replicated: { Replicas: replicas } };
  const { maxConcurrent = replicas } = inputs;
  return { ReplicatedJob: { MaxConcurrent: maxConcurrent, TotalCompletions: replicas } };
}

function policyBody(policy: UpdatePolicy): WirePolicy {
  return {
    // Without a number the engine would take 0, which means all tasks at once.
    Parallelism: policy.parallelism ?? 1,
    Delay: given(policy.delay, parseDuration),
    FailureAction: policy.failureAction,
    Monitor: given(policy.monitor, parseDuration),
    MaxFailureRatio: policy.maxFailureRatio,
    Order: policy.order ?? "stop-first",
  };
}

function portBody(port: Port): WirePort {
  return {
    Protocol: port.protocol ?? "tcp",
    TargetPort: port.target,
    PublishedPort: port.published,
    PublishMode: port.mode ?? "ingress",
  };
}
