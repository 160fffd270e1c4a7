import type {
  Environment,
  GroupSettings,
  PlatformSettings,
} from "../../components/config/environment/environment";
import { describeNodes } from "../../components/config/preflight/known-nodes";
import { nodesFor } from "../../components/config/preflight/placement";
import type { NodeDescription } from "../../components/model/placement/constraints";
import type { ServicePlan } from "../../components/model/platform/plan";

interface Drawn {
  readonly id: string;
  readonly platform: PlatformSettings;
  readonly key: string;
  readonly spec: ServicePlan;
  /** Groups with a node where its tasks may run. */
  readonly groups: readonly string[];
}

/**
 * Draws an environment as a Mermaid flowchart: groups of machines with their roles and labels, the
 * services in the one group where they may run (those that may run in several are drawn outside,
 * with dotted lines), networks as hexagons, published ports.
 */
export function environmentMap(environment: Environment): string {
  const services = drawnServices(environment);
  const lines = [
    "flowchart LR",
    ...services.flatMap(portLines),
    ...Object.entries(environment.groups).flatMap(([name, group]) =>
      groupLines(name, group, environment, services),
    ),
    ...services.filter(({ groups }) => groups.length !== 1).flatMap(wanderer),
    ...environment.platforms.flatMap((platform) => platformLines(platform)),
    ...services.flatMap(attachmentLines),
    ...styles(environment, services),
  ];
  return `${lines.join("\n")}\n`;
}

function drawnServices(environment: Environment): readonly Drawn[] {
  const nodes = describeNodes(environment);
  return environment.platforms.flatMap((platform) =>
    Object.entries(platform.plan.services).map(([key, spec]) => ({
      id: id("service", platform.name, key),
      platform,
      key,
      spec,
      groups: groupsOf(nodesFor(spec, nodes), environment),
    })),
  );
}

function groupsOf(nodes: readonly NodeDescription[], environment: Environment): readonly string[] {
  const names = new Set(nodes.map((node) => node.hostname));
  const groups = Object.entries(environment.groups);
  return groups
    .filter(([, { hosts }]) => hosts.some((host) => names.has(host)))
    .map(([key]) => key);
}

function portLines({ id: service, key, spec }: Drawn): readonly string[] {
  return (spec.ports ?? []).flatMap(({ published, target, protocol = "tcp" }) => {
    if (published === undefined) return [];
    const text = `port ${published}${protocol === "tcp" ? "" : `/${protocol}`}`;
    return [
      `  ${id("port", protocol, String(published))}(["${text}"]) -->|"${shown(key)}:${target}"| ${service}`,
    ];
  });
}

function groupLines(
  name: string,
  group: GroupSettings,
  environment: Environment,
  services: readonly Drawn[],
): readonly string[] {
  const labels = Object.entries(group.labels).map(([key, value]) => `${key}=${value}`);
  const resources = Object.entries(group.resources).map(([kind, count]) => `${count} ${kind}`);
  const facts = [`<i>${group.role}</i>`, ...[...labels, ...resources].map(shown)].join(" · ");
  const title = `${hostLine(group.hosts, environment)}<br/>${facts}`;
  const own = services.filter(({ groups }) => groups.length === 1 && groups[0] === name);
  const box = id("group", name);
  return [
    `  subgraph ${box}["${title}"]`,
    ...(own.length === 0
      ? [`    ${id("idle", name)}[" "]:::idle`]
      : own.map((service) => `    ${serviceBox(service)}`)),
    "  end",
  ];
}

const SHOWN_HOSTS = 3;

function hostLine(hosts: readonly string[], { prefix, name }: Environment): string {
  const short = hosts.map((host) => {
    const start = `${prefix}-${name}-`;
    return shown(host.startsWith(start) ? host.slice(start.length) : host);
  });
  if (short.length === 0) return "<b>no machine</b>";
  const more = short.length > SHOWN_HOSTS ? [`… ${short.at(-1)}`] : [];
  const first = short.length > SHOWN_HOSTS ? short.slice(0, SHOWN_HOSTS - 1) : short;
  return `<b>${[...first, ...more].join(", ")}</b>`;
}

function serviceBox({ id: box, platform, key, spec }: Drawn): string {
  const mode = spec.mode ?? "replicated";
  const tasks = mode.startsWith("global") ? "on every node" : `× ${spec.replicas ?? 1}`;
  const job = mode.endsWith("-job") ? ", job" : "";
  return `${box}["<b>${shown(key)}</b> ${tasks}${job}<br/>${shown(platform.name)}"]`;
}

function wanderer(service: Drawn): readonly string[] {
  const lines = service.groups.map((group) => `  ${service.id} -.- ${id("group", group)}`);
  return [`  ${serviceBox(service)}`, ...lines];
}

function platformLines({ name, plan }: PlatformSettings): readonly string[] {
  const networks = Object.entries(plan.networks).map(([key, network]) => {
    const subnet = network.subnet === undefined ? "" : `<br/>${network.subnet}`;
    return `    ${id("network", name, key)}{{"${shown(network.name)}${subnet}"}}`;
  });
  if (networks.length === 0) return [];
  return [`  subgraph ${id("platform", name)}["platform ${shown(name)}"]`, ...networks, "  end"];
}

function attachmentLines({ id: service, platform, spec }: Drawn): readonly string[] {
  return Object.keys(spec.networks).map(
    (key) => `  ${service} --- ${id("network", platform.name, key)}`,
  );
}

function styles(environment: Environment, services: readonly Drawn[]): readonly string[] {
  const managers = Object.entries(environment.groups).filter(([, { role }]) => role === "manager");
  return [
    "  classDef service fill:#dbeafe,stroke:#2563eb,color:#1e3a8a",
    "  classDef manager stroke:#d97706,stroke-width:3px",
    "  classDef idle fill:none,stroke:none",
    ...(services.length > 0
      ? [`  class ${services.map((service) => service.id).join(",")} service`]
      : []),
    ...(managers.length > 0
      ? [`  class ${managers.map(([name]) => id("group", name)).join(",")} manager`]
      : []),
  ];
}

/** A valid Mermaid identifier that differs for different names. */
function id(...parts: readonly string[]): string {
  return parts
    .map((part) => part.replaceAll(/[^a-zA-Z0-9]/g, (letter) => `_${letter.charCodeAt(0)}_`))
    .join("__");
}

/** Text as Mermaid shows it. */
function shown(text: string): string {
  return text.replaceAll('"', "#quot;").replaceAll("<", "#lt;").replaceAll(">", "#gt;");
}
