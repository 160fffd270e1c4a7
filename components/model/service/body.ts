import { encodeMembers } from "../fields/field";
import { type NetworkAttachment, type ServiceInputs, serviceFields } from "./inputs";
import { modeBody } from "./mode";
import { networkAttachment } from "./ports";
import { idOf, type Resolved } from "./resolved";
import type { WireAttachment, WireSpec } from "./wire";

/** The Engine API body of a service, with names resolved: what `docker stack deploy` would send for it. */
export function serviceBody(inputs: ServiceInputs, resolved: Resolved): WireSpec {
  const start = { TaskTemplate: { ContainerSpec: {}, Placement: {} }, EndpointSpec: {} };
  const body: WireSpec = encodeMembers(serviceFields, inputs, start);
  const { ContainerSpec: container, Placement: placement, ...template } = body.TaskTemplate ?? {};
  const networks = Object.values(inputs.networks ?? {}).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...body,
    Name: inputs.name,
    Labels: { ...inputs.labels, ...resolved.labels },
    Mode: modeBody(inputs),
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...container,
        Image: resolved.image,
        Secrets: container?.Secrets?.map((one) => ({
          SecretID: idOf("secret", resolved.secrets, one.SecretName),
          ...one,
        })),
        Configs: container?.Configs?.map((one) => ({
          ConfigID: idOf("config", resolved.configs, one.ConfigName),
          ...one,
        })),
      },
      Placement: { ...placement, Platforms: placement?.Platforms ?? resolved.platforms },
      Networks:
        networks.length === 0 ? undefined : networks.map((one) => attachmentBody(one, resolved)),
      ForceUpdate: resolved.forceUpdate ?? inputs.forceUpdate ?? 0,
    },
  };
}

function attachmentBody(network: NetworkAttachment, resolved: Resolved): WireAttachment {
  const Target = idOf("network", resolved.networks, network.name);
  return encodeMembers(networkAttachment.is.members ?? {}, network, { Target });
}
