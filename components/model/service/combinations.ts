import { isMap, memberPath } from "../paths";
import { found, type Report } from "../validate";
import { type Failure, UNKNOWN } from "../values";

type Inputs = { readonly [key: string]: unknown };

/** Problems between fields that are each right alone. Malformed fields are passed over: others report them. */
export function combinationProblems(inputs: unknown): Failure[] {
  if (!isMap(inputs)) return [];
  const failures: Failure[] = [];
  const report: Report = (property, reason) => failures.push({ property, reason });
  modeProblems(inputs, report);
  portProblems(inputs, report);
  networkProblems(inputs, report);
  for (const [target, mount] of entries(inputs.mounts)) {
    mountProblems(mount, memberPath("mounts", target), report);
  }
  for (const [name, limit] of entries(inputs.ulimits)) {
    const { soft, hard } = limit;
    if (typeof soft !== "number" || typeof hard !== "number" || hard < 0) continue;
    if (soft > hard || soft < 0) {
      const path = memberPath("ulimits", name);
      report(path, `has soft ${soft} above hard ${hard}; type a soft limit up to ${hard}`);
    }
  }
  return failures;
}

function entries(value: unknown): [string, Inputs][] {
  const all: [string, unknown][] = isMap(value) ? Object.entries(value) : [];
  return all.filter((entry): entry is [string, Inputs] => isMap(entry[1]));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN;
}

function modeProblems(inputs: Inputs, report: Report): void {
  const { mode } = inputs;
  if (mode === UNKNOWN) return;
  const global = mode === "global" || mode === "global-job";
  const job = mode === "replicated-job" || mode === "global-job";
  if (global && isSet(inputs.replicas)) {
    report("replicas", `is ${found(inputs.replicas)} with mode ${mode}; leave it out`);
  }
  if (isSet(inputs.maxConcurrent) && mode !== "replicated-job") {
    report("maxConcurrent", "is for replicated jobs; leave it out or type mode: replicated-job");
  }
  const placement = isMap(inputs.placement) ? inputs.placement : {};
  if (global && isSet(placement.maxReplicasPerNode)) {
    report("placement.maxReplicasPerNode", `has no effect with mode ${mode}; leave it out`);
  }
  if (!job) return;
  for (const field of ["update", "rollback"]) {
    if (isSet(inputs[field])) report(field, `is refused by swarm for a ${mode}; leave it out`);
  }
}

function portProblems(inputs: Inputs, report: Report): void {
  const ports: unknown[] = Array.isArray(inputs.ports) ? inputs.ports : [];
  const taken = new Map<string, number>();
  ports.forEach((port, index) => {
    if (!isMap(port)) return;
    const path = memberPath("ports", index);
    if (inputs.endpointMode === "dnsrr" && (port.mode === undefined || port.mode === "ingress")) {
      report(
        memberPath(path, "mode"),
        'is "ingress", which needs a VIP; type mode: host or endpointMode: vip',
      );
    }
    if (typeof port.published !== "number" || port.published === 0) return;
    const key = `${port.published}/${port.protocol ?? "tcp"}`;
    const first = taken.get(key);
    if (first === undefined) taken.set(key, index);
    else {
      report(
        memberPath(path, "published"),
        `is ${key}, which ports[${first}] publishes too; type another port`,
      );
    }
  });
}

function networkProblems(inputs: Inputs, report: Report): void {
  const taken = new Map<unknown, string>();
  for (const [key, network] of entries(inputs.networks)) {
    if (typeof network.name !== "string") continue;
    const first = taken.get(network.name);
    if (first === undefined) taken.set(network.name, key);
    else {
      report(
        memberPath(memberPath("networks", key), "name"),
        `is ${found(network.name)}, which ${memberPath("networks", first)} joins too; remove one`,
      );
    }
  }
}

function mountProblems(mount: Inputs, path: string, report: Report): void {
  const { type, source } = mount;
  const where = memberPath(path, "source");
  if (source !== UNKNOWN) {
    if (type === "bind" && !(typeof source === "string" && source.startsWith("/"))) {
      report(where, `is ${found(source)}; type an absolute path on the node`);
    }
    if (type === "tmpfs" && isSet(source)) {
      report(where, `is ${found(source)}; a tmpfs has no source, leave it out`);
    }
  }
  for (const options of ["volume", "bind", "tmpfs"]) {
    if (typeof type === "string" && isSet(mount[options]) && options !== type) {
      report(memberPath(path, options), `is for type ${options}, this mount is of type ${type}`);
    }
  }
}
