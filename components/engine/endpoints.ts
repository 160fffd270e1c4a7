import { z } from "zod";
import { findingsIn } from "../model/fields/findings";
import { hidden, list, matching, object, oneOf, text, whole } from "../model/fields/rules";
import { HUB_HOSTS, registryOf } from "../model/image";
import type { Finding } from "../model/problem";
import { type Properties, UNKNOWN } from "../model/values";
import type { Connection } from "./login";

/** How the provider reaches the Docker engine of one host. */
export interface Endpoint extends Connection {
  /** Name of the host, which is its node name. */
  readonly name: string;
  /** Pinned host key as in authorized_keys: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  readonly role: "manager" | "worker";
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
  /** Services and networks that nobody manages are taken over. @default false */
  readonly adopt?: boolean;
}

const hostKey = matching(/^\S+ [A-Za-z0-9+/=]+/, "a host key such as `ssh-ed25519 AAAA…`");
const password = hidden("text", (value) => value.length > 0);

const login = {
  host: matching(/^\S+$/, "an address or a host name"),
  port: whole(1, 65535, 22),
  user: matching(/^\S+$/, "a user name"),
  hostKey: hostKey.optional(),
  privateKey: hidden("a private key", (key) => key.includes("PRIVATE KEY")).optional(),
  keyFile: text().optional(),
  passphrase: password.optional(),
};

const connection = {
  ...login,
  via: list(object(login), "a list of jump hosts").optional(),
  sudoPassword: password.optional(),
};

/** Schema of how to reach a machine. */
export const connectionRule: z.ZodType<Connection> = object(connection);

const endpointsRule: z.ZodType<readonly Endpoint[]> = list(
  object({ ...connection, name: text(), hostKey, role: oneOf("manager", "worker") }),
  "a list of hosts",
);

const registryRule: z.ZodType<readonly RegistryCredentials[]> = list(
  object({
    host: matching(/^[^/\s]+$/, "a registry host without a path"),
    user: text(),
    password,
  }),
  "a list of credentials",
);

/** Reads the provider's configuration; unknown values count as absent, malformed lists as empty. */
export function readConfiguration(properties: Properties): {
  readonly configuration: Configuration;
  readonly problems: readonly Finding[];
} {
  const endpoints = parseJson(endpointsRule, properties, "endpoints");
  const registryAuth = parseJson(registryRule, properties, "registryAuth");
  const { salt } = properties;
  const configuration = {
    endpoints: endpoints.value,
    registryAuth: registryAuth.value,
    ...(typeof salt === "string" && salt !== "" ? { salt } : {}),
    ...(properties.adopt === "true" ? { adopt: true } : {}),
  };
  return { configuration, problems: [...endpoints.problems, ...registryAuth.problems] };
}

function parseJson<T>(rule: z.ZodType<readonly T[]>, properties: Properties, key: string) {
  const value = properties[key] ?? "[]";
  if (value === UNKNOWN) return { value: [], problems: [] };
  const json = z.string().transform((text, { addIssue }) => {
    try {
      return JSON.parse(text);
    } catch {
      addIssue("not JSON");
      return z.NEVER;
    }
  });
  const parsed = json.safeParse(value);
  if (!parsed.success) {
    const fix = "use the class SwarmProvider, which writes it";
    return {
      value: [],
      problems: [{ keys: [key], found: "text that is not JSON", allowed: "JSON", fix }],
    };
  }
  const problems = findingsIn(rule, parsed.data).map((one) => ({
    ...one,
    keys: [key, ...one.keys],
  }));
  return { value: problems.length === 0 ? rule.parse(parsed.data) : [], problems };
}

/** X-Registry-Auth for an image: credentials of the host its name begins with. */
export function registryHeader(
  image: string,
  credentials: readonly RegistryCredentials[],
): string | undefined {
  const host = registryOf(image);
  const hosts = HUB_HOSTS.includes(host) ? HUB_HOSTS : [host];
  const match = credentials.find((entry) => hosts.includes(entry.host));
  if (!match) return undefined;
  const serveraddress = HUB_HOSTS.includes(host) ? "https://index.docker.io/v1/" : host;
  const auth = { username: match.user, password: match.password, serveraddress };
  return Buffer.from(JSON.stringify(auth)).toString("base64url");
}
