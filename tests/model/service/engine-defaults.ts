import type { WirePolicy, WireSpec } from "../../../components/model/service/wire";

/** What a Docker engine 20.10 shows of a service that was created with this body. */
export function asEngine(body: WireSpec): WireSpec {
  // What JSON cannot carry never reaches the Docker engine.
  const sent = JSON.parse(JSON.stringify(body)) as WireSpec;
  const { TaskTemplate: template = {} } = sent;
  const { ContainerSpec: container = {}, RestartPolicy: restart } = template;
  return {
    ...sent,
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        Init: null,
        DNSConfig: {},
        ...container,
        ...{ Isolation: "default" },
      },
      Resources: { Limits: {}, Reservations: {}, ...template.Resources },
      RestartPolicy: restart ? { Condition: "any", MaxAttempts: 0, ...restart } : restart,
      Placement: template.Placement ?? {},
      ForceUpdate: template.ForceUpdate ?? 0,
      ...{ Runtime: "container" },
    },
    UpdateConfig: policy(sent.UpdateConfig),
    RollbackConfig: policy(sent.RollbackConfig),
    EndpointSpec: { Mode: "vip", ...sent.EndpointSpec },
  };
}

function policy(sent: WirePolicy | null | undefined): WirePolicy | null | undefined {
  return sent
    ? { MaxFailureRatio: 0, ...sent, FailureAction: sent.FailureAction ?? "pause" }
    : sent;
}
