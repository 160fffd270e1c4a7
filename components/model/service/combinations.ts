import { isMap } from "../paths";
import { type About, describe, type Finding, type Keys, pathText } from "../problem";
import { bytesIn } from "../quantities";
import { UNKNOWN } from "../values";
import { isJobMode } from "./mode";

type Inputs = { readonly [key: string]: unknown };
type Report = (keys: Keys, about: About) => void;

/** Problems between fields that are each valid on their own. Malformed fields are skipped: other rules report them. */
export function combinationProblems(inputs: unknown): Finding[] {
  if (!isMap(inputs)) return [];
  const findings: Finding[] = [];
  const report: Report = (keys, about) => findings.push({ keys, ...about });
  modeProblems(inputs, report);
  portProblems(inputs, report);
  networkProblems(inputs, report);
  for (const [target, mount] of entries(inputs.mounts)) {
    mountProblems(mount, ["mounts", target], report);
  }
  for (const [name, { soft, hard }] of entries(inputs.ulimits)) {
    if (typeof soft !== "number" || typeof hard !== "number" || hard < 0) continue;
    if (soft > hard || soft < 0) {
      const found = `soft ${soft}, which is above hard ${hard}`;
      report(["ulimits", name], { found, allowed: `soft up to ${hard}`, fix: `\`soft: ${hard}\`` });
    }
  }
  if (isMap(inputs.privileges)) privilegeProblems(inputs.privileges, report);
  if (isMap(inputs.resources)) resourceProblems(inputs.resources, report);
  hostnameProblem(inputs.hostname, report);
  return findings;
}

function entries(value: unknown): [string, Inputs][] {
  const all: [string, unknown][] = isMap(value) ? Object.entries(value) : [];
  return all.filter((entry): entry is [string, Inputs] => isMap(entry[1]));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN;
}

const leaveOut = "leave it out";

function modeProblems(inputs: Inputs, report: Report): void {
  const { mode } = inputs;
  if (mode === UNKNOWN) return;
  const global = mode === "global" || mode === "global-job";
  const job = isJobMode(mode);
  const without = (keys: Keys, value: unknown) =>
    report(keys, {
      found: `${describe(value)} with mode ${mode}`,
      allowed: `nothing with mode ${mode}`,
      fix: leaveOut,
    });
  const placement = isMap(inputs.placement) ? inputs.placement : {};
  if (global && isSet(inputs.replicas)) without(["replicas"], inputs.replicas);
  if (isSet(inputs.maxConcurrent) && mode !== "replicated-job") {
    report(["maxConcurrent"], {
      found: `${describe(inputs.maxConcurrent)} with mode ${mode ?? "replicated"}`,
      allowed: "only with mode replicated-job",
      fix: `${leaveOut}, or \`mode: replicated-job\``,
    });
  }
  if (isSet(inputs.run) && !job) {
    report(["run"], {
      found: `${describe(inputs.run)} with mode ${mode ?? "replicated"}`,
      allowed: "only with mode replicated-job or global-job",
      fix: `${leaveOut}, or \`mode: replicated-job\``,
    });
  }
  if (global && isSet(placement.maxReplicasPerNode)) {
    without(["placement", "maxReplicasPerNode"], placement.maxReplicasPerNode);
  }
  if (!job) return;
  for (const field of ["update", "rollback"]) {
    if (isSet(inputs[field])) without([field], inputs[field]);
  }
}

function portProblems(inputs: Inputs, report: Report): void {
  const ports: unknown[] = Array.isArray(inputs.ports) ? inputs.ports : [];
  const taken = new Map<string, number>();
  ports.forEach((port, index) => {
    if (!isMap(port)) return;
    if (inputs.endpointMode === "dnsrr" && (port.mode === undefined || port.mode === "ingress")) {
      report(["ports", index, "mode"], {
        found: '"ingress" with endpointMode dnsrr',
        allowed: "host; ingress needs endpointMode vip",
        fix: "`mode: host`",
      });
    }
    if (typeof port.published !== "number" || port.published === 0) return;
    const key = `${port.published}/${port.protocol ?? "tcp"}`;
    const first = taken.get(key);
    if (first === undefined) taken.set(key, index);
    else {
      report(["ports", index, "published"], {
        found: `${key}, which ports[${first}] publishes too`,
        allowed: "a port of its own",
        fix: "another port",
      });
    }
  });
}

function networkProblems(inputs: Inputs, report: Report): void {
  const taken = new Map<unknown, string>();
  for (const [key, { name }] of entries(inputs.networks)) {
    if (typeof name !== "string") continue;
    const first = taken.get(name);
    if (first === undefined) taken.set(name, key);
    else {
      report(["networks", key, "name"], {
        found: `${describe(name)}, which ${pathText(["networks", first])} joins too`,
        allowed: "each network once",
        fix: "remove one of them",
      });
    }
  }
}

function mountProblems(mount: Inputs, keys: Keys, report: Report): void {
  const { type, source } = mount;
  const sourceProblem = (allowed: string, fix: string) =>
    report([...keys, "source"], { found: describe(source), allowed, fix });
  if (source !== UNKNOWN) {
    if (type === "bind" && !(typeof source === "string" && source.startsWith("/"))) {
      sourceProblem("an absolute path on the node such as `/srv/data`", "`source: /srv/data`");
    }
    if (type === "tmpfs" && isSet(source))
      sourceProblem("nothing: a tmpfs has no source", leaveOut);
    if ((type === "npipe" || type === "cluster") && !isSet(source)) {
      const what = type === "npipe" ? "the path of a named pipe" : "the name of a cluster volume";
      sourceProblem(what, "`source: <source>`");
    }
  }
  for (const options of ["volume", "bind", "tmpfs"]) {
    if (typeof type === "string" && isSet(mount[options]) && options !== type) {
      report([...keys, options], {
        found: `options for type ${options} in a mount of type ${type}`,
        allowed: `options for type ${type}`,
        fix: leaveOut,
      });
    }
  }
}

function privilegeProblems({ seccomp, credentialSpec }: Inputs, report: Report): void {
  if (isMap(seccomp) && seccomp.mode !== UNKNOWN) {
    const custom = seccomp.mode === "custom";
    if (custom !== isSet(seccomp.profile) && seccomp.profile !== UNKNOWN) {
      report(["privileges", "seccomp", custom ? "profile" : "mode"], {
        found: custom ? "nothing with mode custom" : "a profile without mode custom",
        allowed: "mode custom together with a profile",
        fix: custom ? "`profile: <JSON>`" : "`mode: custom`",
      });
    }
  }
  const sources = Object.values(isMap(credentialSpec) ? credentialSpec : {}).filter(isSet);
  if (sources.length > 1) {
    report(["privileges", "credentialSpec"], {
      found: `${sources.length} sources`,
      allowed: "one of config, file and registry",
      fix: "remove the others",
    });
  }
}

/** What is reserved and never may be used. */
function resourceProblems({ limits, reservations }: Inputs, report: Report): void {
  if (!isMap(limits) || !isMap(reservations)) return;
  for (const field of ["cpus", "memory"] as const) {
    const [limit, reserved] = [bytesIn(limits[field]), bytesIn(reservations[field])];
    if (limit === undefined || reserved === undefined || limit === 0 || limit >= reserved) continue;
    report(["resources", "limits", field], {
      found: `${describe(limits[field])}, below the reservation of ${describe(reservations[field])}`,
      allowed: "at least what is reserved",
      fix: `\`${field}: ${reservations[field]}\``,
    });
  }
}

/** The kernel takes 64 bytes; what swarm fills in is not known yet. */
function hostnameProblem(hostname: unknown, report: Report): void {
  if (typeof hostname !== "string" || hostname.includes("{{")) return;
  if (/[\s/]/.test(hostname.trim())) {
    const fix = `\`hostname: ${hostname.trim().replace(/[\s/]+/g, "-")}\``;
    report(["hostname"], { found: describe(hostname), allowed: "one word without `/`", fix });
  }
  const size = Buffer.byteLength(hostname);
  if (size <= 64) return;
  const found = `${describe(hostname)}, which has ${size} bytes`;
  report(["hostname"], { found, allowed: "at most 64 bytes", fix: "a shorter name" });
}
