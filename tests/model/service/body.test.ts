import { expect, test } from "vitest";
import { serviceBody } from "../../../components/model/service/body";
import { normalise } from "../../../components/model/service/normalise";

/** As JSON carries it. */
const sent = (body: object): unknown => JSON.parse(JSON.stringify(body));

const inputs = normalise({
  name: "yard_api",
  image: "example/api:v1",
  hostname: "yard_api",
  env: { PORT: "5050", API: "a=b", EMPTY: "", UNSET: null },
  containerLabels: { "yard.part": "api" },
  labels: { "com.docker.stack.namespace": "yard" },
  command: ["serve"],
  stopGracePeriod: "1m30s",
  healthcheck: { test: ["CMD", "curl", "localhost"], interval: "10s", retries: 3 },
  mounts: {
    "/var/run/docker.sock": { type: "bind", source: "/var/run/docker.sock" },
    "/data": { type: "volume", source: "yard_data", volume: { driver: "local" } },
  },
  secrets: { password: { source: "yard_password" } },
  networks: { default: { name: "yard_default", aliases: ["api"] } },
  resources: {
    limits: { cpus: 0.5, memory: "256MiB" },
    reservations: { generic: { "NVIDIA-GPU": 2 } },
  },
  restart: { condition: "on-failure", maxAttempts: 3 },
  placement: { constraints: ["node.labels.target == platform"], spread: ["node.labels.zone"] },
  ports: [{ target: 5050, published: 5050 }],
  update: { delay: "10s", failureAction: "rollback" },
});

test("is what docker stack deploy sends for the same service", () => {
  const names = {
    networks: { yard_default: "n1" },
    secrets: { yard_password: "s1" },
    configs: {},
  };
  const body = serviceBody(inputs, { ...names, image: "example/api:v1@sha256:1", labels: {} });
  expect(sent(body)).toEqual({
    Name: "yard_api",
    Labels: { "com.docker.stack.namespace": "yard" },
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ContainerSpec: {
        Image: "example/api:v1@sha256:1",
        Labels: { "yard.part": "api" },
        Args: ["serve"],
        Hostname: "yard_api",
        Env: ["API=a=b", "EMPTY=", "PORT=5050", "UNSET"],
        StopGracePeriod: 90_000_000_000,
        Healthcheck: { Test: ["CMD", "curl", "localhost"], Interval: 10_000_000_000, Retries: 3 },
        Mounts: [
          {
            Type: "volume",
            Source: "yard_data",
            Target: "/data",
            VolumeOptions: { DriverConfig: { Name: "local" } },
          },
          { Type: "bind", Source: "/var/run/docker.sock", Target: "/var/run/docker.sock" },
        ],
        Secrets: [
          {
            SecretID: "s1",
            SecretName: "yard_password",
            File: { Name: "password", UID: "0", GID: "0", Mode: 292 },
          },
        ],
      },
      Resources: {
        Limits: { NanoCPUs: 500_000_000, MemoryBytes: 268_435_456 },
        Reservations: {
          GenericResources: [{ DiscreteResourceSpec: { Kind: "NVIDIA-GPU", Value: 2 } }],
        },
      },
      RestartPolicy: { Condition: "on-failure", MaxAttempts: 3 },
      Placement: {
        Constraints: ["node.labels.target == platform"],
        Preferences: [{ Spread: { SpreadDescriptor: "node.labels.zone" } }],
      },
      Networks: [{ Target: "n1", Aliases: ["api"] }],
      ForceUpdate: 0,
    },
    UpdateConfig: {
      Parallelism: 1,
      Delay: 10_000_000_000,
      FailureAction: "rollback",
      Order: "stop-first",
    },
    EndpointSpec: {
      Ports: [{ Protocol: "tcp", TargetPort: 5050, PublishedPort: 5050, PublishMode: "ingress" }],
    },
  });
});
