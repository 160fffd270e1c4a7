import { HUB_HOSTS } from "../model/image";
import {
  fields,
  listOf,
  number,
  oneOf,
  type Report,
  required,
  secretText,
  text,
} from "../model/validate";
import type { Properties } from "../model/values";

/** How the provider reaches the engine of one host. */
export interface Endpoint {
  /** Name of the host, which is its node name. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Pinned host key as in authorized_keys: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** Private key in OpenSSH or PEM form. */
  readonly privateKey: string;
  readonly role: "manager" | "worker";
  /** Path of the engine's socket on the host. @default "/var/run/docker.sock" */
  readonly socket?: string;
}

/** Credentials for one registry. */
export interface RegistryCredentials {
  /** As in image names: `registry.example.com:5000`; `docker.io` for Docker Hub. */
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** The provider's configuration, plain. */
export interface Configuration {
  readonly endpoints: readonly Endpoint[];
  readonly salt?: string;
  readonly registryAuth: readonly RegistryCredentials[];
}

const endpointsRule = required(
  listOf(
    fields({
      name: required(text()),
      host: required(text(/^\S+$/, "an address or a host name")),
      port: required(number({ min: 1, max: 65535 })),
      user: required(text(/^\S+$/, "a user name")),
      hostKey: required(text(/^\S+ [A-Za-z0-9+/=]+/, "a host key such as ssh-ed25519 AAAA…")),
      privateKey: required(secretText("a private key", (key) => key.includes("PRIVATE KEY"))),
      role: required(oneOf("manager", "worker")),
      socket: text(/^\//, "an absolute path"),
    }),
  ),
);

const registryRule = listOf(
  fields({
    host: required(text(/^[^/\s]+$/, "a registry host without a path")),
    user: required(text()),
    password: required(secretText("a text", (password) => password.length > 0)),
  }),
);

/** Reads the provider's configuration; unknown values count as absent. Problems go to `report`. */
export function readConfiguration(properties: Properties, report: Report): Configuration {
  const endpoints = parseJson(properties.endpoints ?? "[]", "endpoints", report) ?? [];
  const registryAuth = parseJson(properties.registryAuth ?? "[]", "registryAuth", report) ?? [];
  endpointsRule(endpoints, "endpoints", report);
  registryRule(registryAuth, "registryAuth", report);
  const { salt } = properties;
  return {
    endpoints: endpoints as readonly Endpoint[],
    registryAuth: registryAuth as readonly RegistryCredentials[],
    ...(typeof salt === "string" && salt !== "" ? { salt } : {}),
  };
}

function parseJson(value: unknown, path: string, report: Report): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value);
  } catch {
    report(path, "is no JSON; use the class SwarmProvider, which writes it");
    return undefined;
  }
}

/** X-Registry-Auth for an image: credentials of the host its name begins with. */
export function registryHeader(
  image: string,
  credentials: readonly RegistryCredentials[],
): string | undefined {
  const [first = "", ...rest] = image.split("/");
  const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const host = named ? first : "docker.io";
  const hosts = HUB_HOSTS.includes(host) ? HUB_HOSTS : [host];
  const match = credentials.find((entry) => hosts.includes(entry.host));
  if (!match) return undefined;
  const serveraddress = HUB_HOSTS.includes(host) ? "https://index.docker.io/v1/" : host;
  const auth = { username: match.user, password: match.password, serveraddress };
  return Buffer.from(JSON.stringify(auth)).toString("base64url");
}
