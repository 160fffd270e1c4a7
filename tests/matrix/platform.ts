import type {
  ConfigSpec,
  NetworkSpec,
  PlatformSpec,
  SecretSpec,
  VolumeSpec,
} from "../../components/model/platform/spec";
import type { Round } from "./case";
import { servicesIn } from "./services";

/** Name of the platform and of what is made by hand for it. */
export const names = {
  platform: "matrix",
  network: "matrix-external",
  volume: "matrix-external",
  secret: "matrix-external",
  config: "matrix-external",
  /** Key of Pulumi config that holds a secret. */
  setting: "matrixToken",
} as const;

/** The platform of a round; `first` differs from the others in everything that can be changed. */
export function platformIn(round: Round, api?: number): PlatformSpec {
  return {
    folder: __dirname,
    namespace: true,
    images: {
      plain: { context: "tool", target: "plain", noCache: false },
      marked: { context: "tool", target: "marked", args: { mark: "yes" } },
      other: {
        context: "tool",
        dockerfile: "Dockerfile.other",
        labels: { made: "other" },
        network: "host",
        extraHosts: { "matrix.example.org": "127.0.0.1" },
        shmSize: "32MiB",
        ulimits: { nofile: { soft: 1234, hard: 2345 } },
        noCache: true,
        pull: false,
      },
    },
    networks: networksIn(round),
    volumes: volumesIn(round),
    secrets: secretsIn(round),
    configs: configsIn(round),
    services: servicesIn(round, api),
    directories: { "/srv/matrix": { owner: "1000:1000", mode: round === "first" ? "0750" : 448 } },
    creates: round === "without" ? undefined : { "matrix.made": `${round}.` },
    // Nothing listens on the ports of these services, which only sleep.
    rollout: {
      quietPorts: [18081, 18082, 18083, 18084, 18085],
      ...(round === "first" ? { timeout: "4m", steady: "1s" } : { timeout: "240s" }),
    },
    open: round === "first" ? { service: "ports-host", target: 80, path: "/page" } : undefined,
  };
}

function networksIn(round: Round): { readonly [key: string]: NetworkSpec } {
  const first = round === "first";
  return {
    default: {},
    named: { name: "matrix-named", external: false, driver: "overlay" },
    external: { name: names.network, external: true },
    attachable: { attachable: true, internal: false, encrypted: false },
    internal: { internal: true, attachable: false },
    encrypted: { encrypted: true },
    options: { options: { "com.docker.network.driver.mtu": "1400" } },
    // What follows changes, with a service on it (`networks-used`) and without one.
    labels: { labels: { "b.c": first ? "1" : "2", a: "" } },
    addresses: first
      ? { subnet: "10.77.1.0/24", gateway: "10.77.1.9", moreSubnets: ["10.77.3.0/24"] }
      : { subnet: "10.77.2.0/24" },
    used: first ? { options: { "com.docker.network.driver.mtu": "1300" } } : {},
  };
}

function volumesIn(round: Round): { readonly [key: string]: VolumeSpec } {
  const first = round === "first";
  const memory = (size: string) => ({ type: "tmpfs", device: "tmpfs", o: `size=${size}` });
  return {
    plain: {},
    named: { name: "matrix-named", external: false, driver: "local" },
    external: { name: names.volume, external: true },
    shared: {
      shared: true,
      seed: { "seeded/here": "tool/wait" },
      directory: { owner: "root", mode: first ? "0755" : 0o775 },
    },
    options: { shared: false, driverOptions: memory("1m") },
    every: { everyNode: true, onDelete: "keep", labels: { "b.c": "1", a: "" } },
    removed: { everyNode: false, onDelete: "remove", seed: { tool: "tool" } },
    seeded: { seed: { tool: "tool" } },
    labelled: {},
    // No service mounts it, so that it can be recreated.
    changed: {
      onDelete: "remove",
      labels: { a: first ? "1" : "2" },
      driverOptions: memory(first ? "1m" : "2m"),
    },
  };
}

function secretsIn(round: Round): { readonly [key: string]: SecretSpec } {
  return {
    random: { random: 24, labels: { a: round === "first" ? "1" : "2" } },
    file: { file: "tool/wait" },
    config: { config: names.setting },
    external: { external: names.secret },
    named: { value: "as it stands", name: "matrix-named-secret", templateDriver: "golang" },
    changed: { random: round === "first" ? 16 : 17 },
    rotated: { random: 24, rotate: round === "first" ? "1" : "2" },
    before: { previous: "rotated" },
  };
}

function configsIn(round: Round): { readonly [key: string]: ConfigSpec } {
  return {
    named: { content: "as it stands", name: "matrix-named-config" },
    content: { content: "in the platform", labels: { a: round === "first" ? "1" : "2" } },
    file: { file: "tool/wait" },
    template: { content: "{{.Service.Name}}", templateDriver: "golang" },
    external: { external: names.config },
    changed: { content: round },
  };
}

/** Forms of a platform's other things that this matrix cannot bring to life, each with its reason. */
export const impossible: { readonly [form: string]: string } = {
  "namespace = false": "is for swarms that somebody else set up: tests/e2e/adopt.test.ts",
  "images.*.pull = true": "asks the base image's registry, which not every machine reaches",
  ...Object.fromEntries(
    [
      ...["cacheFrom[]", "cacheTo[]", "contexts.*", "dockerfileText", "platforms[]", "ssh[]"],
      "entitlements[]",
      ...["secrets.*.config", "secrets.*.file", "secrets.*.value"],
    ].map((form) => [
      `images.*.${form}`,
      "needs a Docker CLI with buildx, which not every machine has: tests/registry/build.test.ts",
    ]),
  ),
};
