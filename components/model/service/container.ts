import { isIP } from "node:net";
import { z } from "zod";
import { below, Field } from "../fields/field";
import { checked, loose, text as textRule, whole } from "../fields/rules";
import * as t from "../fields/types";
import { healthcheck } from "./health";
import { capabilityFault, signalFault } from "./known-words";
import { privileges } from "./privileges";

const words = () => t.list(t.text(), 'a list of text such as `["a", "b"]`');

const addresses = t.list(
  t.text(
    checked("an IP address such as `10.0.0.2`", (value) => (isIP(value) === 0 ? {} : undefined)),
  ),
  "a list such as `[10.0.0.2]`",
);

/** Several addresses of one name are one text. */
const addressesIn = (value: unknown) => String(value).split(/[\s,]+/);

const hostAddress = t
  .text(
    checked("an IP address or host-gateway, such as `10.0.0.2`", (value) =>
      addressesIn(value).some((one) => isIP(one) === 0 && one !== "host-gateway") ? {} : undefined,
    ),
  )
  .by({ canon: (value) => addressesIn(value).join(", ") });

const capability = t.text(checked("a capability such as `NET_ADMIN`", capabilityFault));

/** Capabilities, with the names that the Docker engine shows. */
function capabilities() {
  const canon = (value: unknown) => {
    const upper = String(value).toUpperCase();
    return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  };
  return t.set(capability.by({ canon }), "a list such as `[NET_ADMIN]`");
}

const limit = whole(-1, undefined, 1024);
const ulimit = t.record({
  /** What a process may raise on its own up to `hard`; -1 means unlimited. @example 1024 */
  soft: t.number(limit).to("Soft").required(),
  /** What only root may raise; -1 means unlimited. @example 4096 */
  hard: t.number(limit).to("Hard").required(),
});

const environmentValue: Field<string | null> = new Field({
  ...t.loose().is,
  rule: z.string().nullable(),
  written: loose.nullable(),
  silent: [],
});

const environment = t.map(environmentValue, {
  keys: z.string().regex(/^[^=\0]+$/, { error: "a name without `=`" }),
  allowed: "a map of name to text",
  empty: null,
  asList: {
    encode: (name, value) => (value === null ? name : `${name}=${value}`),
    decode: (live) => {
      const entry = String(live);
      const at = entry.indexOf("=");
      return [at < 0 ? [entry, null] : [entry.slice(0, at), entry.slice(at + 1)]];
    },
  },
});

const hosts = t.map(hostAddress, {
  allowed: "a map of name to address",
  // An entry is `address name…`, as in /etc/hosts.
  asList: {
    encode: (name, value) => addressesIn(value).map((address) => `${address} ${name}`),
    join: (one, other) => `${one}, ${other}`,
    decode: (live) => {
      const [address = "", ...names] = String(live).split(/\s+/);
      return names.map((name) => [name, address]);
    },
  },
});

/** What runs in the container of a task, in Docker's own words. */
export const containerFields = below("TaskTemplate.ContainerSpec", {
  /** Replaces the image's entry point (Docker's API calls it Command). @default the image's @example ["/bin/sh", "-c"] */
  entrypoint: words().to("Command"),
  /** Arguments to the entry point (Docker's API calls it Args). @default the image's @example ["serve", "--port", "80"] */
  command: words().to("Args"),
  /** Name of the container in its networks. Templates such as `{{.Node.Hostname}}` are allowed. @default the container's id, or what the environment's `swarm.hostname` says @example api */
  hostname: t.text().to("Hostname"),
  /** Environment; null sends only the name, which unsets it. @default the image's @example { LOG_LEVEL: debug } */
  env: environment.to("Env"),
  /** Labels of each container. @default none @example { team: data } */
  containerLabels: t.texts().to("Labels"),
  /** User, or user and group, that the process runs as. @default the image's @example "1000:1000" */
  user: t.loose().to("User"),
  /** Additional groups of the process. @default none @example [audio] */
  groups: words().to("Groups"),
  /** Folder that the process starts in. @default the image's @example /app */
  workingDir: t.text(textRule("a path such as `/app`")).to("Dir"),
  /** Gives the process a terminal. @default false */
  tty: t.flag().to("TTY"),
  /** Keeps standard input open. @default false */
  openStdin: t.flag().to("OpenStdin"),
  /** Makes the container's own files read-only. @default false */
  readOnly: t.flag().to("ReadOnly"),
  /** Runs a small init process that forwards signals and reaps zombies. @default the Docker engine's */
  init: t.choice().to("Init"),
  /** Signal that asks the process to end. @default the image's, or SIGTERM @example SIGINT */
  stopSignal: t.text(checked("a signal such as `SIGTERM`", signalFault)).to("StopSignal"),
  /** How long the process may take to end before it is killed. @default 10s @example 1m30s */
  stopGracePeriod: t.duration().unless("10s").to("StopGracePeriod"),
  /** Extra names in /etc/hosts: name to address, or to several with commas between them. @default none @example { printer: 10.0.0.9 } */
  extraHosts: hosts.to("Hosts"),
  /** Name servers of the container. @default the node's */
  dns: t
    .record({
      /** @default the node's @example [10.0.0.2] */
      nameservers: addresses.to("Nameservers"),
      /** Domains to look names up in. @default the node's @example [example.org] */
      search: words().to("Search"),
      /** Options as in resolv.conf. @default none @example ["ndots:2"] */
      options: words().to("Options"),
    })
    .to("DNSConfig"),
  /** Kernel settings of the container's namespaces. @default none @example { net.core.somaxconn: "1024" } */
  sysctls: t.texts().to("Sysctls"),
  /** Capabilities in addition to Docker's defaults. @default none @example [NET_ADMIN] */
  capAdd: capabilities().to("CapabilityAdd"),
  /** Capabilities to remove. @default none @example [ALL] */
  capDrop: capabilities().to("CapabilityDrop"),
  /** Limits of the process by name. @default the Docker engine's @example { nofile: { soft: 1024, hard: 4096 } } */
  ulimits: t
    .map(ulimit, {
      allowed: "a map such as `{ nofile: { soft: 1024, hard: 4096 } }`",
      asList: t.keyAt("Name"),
    })
    .to("Ulimits"),
  /** How ready the kernel is to kill the process when a node runs out of memory: -1000 is never, 1000 is first. @default 0 @example 500 */
  oomScoreAdj: t
    .number(whole(-1000, 1000, 500))
    .unless(0)
    .to("OomScoreAdj")
    .since("27", 46),
  /** What the process may do beyond its user and capabilities. @default the Docker engine's */
  privileges: privileges.to("Privileges"),
  /** How the Docker engine finds out whether the container works. @default the image's */
  healthcheck: healthcheck.to("Healthcheck"),
});
