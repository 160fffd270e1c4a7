import { isMap } from "../../components/model/paths";
import { serviceBody } from "../../components/model/service/body";
import type { ServiceInputs } from "../../components/model/service/inputs";
import type { WireSpec } from "../../components/model/service/wire";

/** What Docker shows of a service that says nothing of it. */
const shown: readonly (readonly [RegExp, unknown])[] = [
  [/^TaskTemplate\.Runtime$/, "container"],
  [/^TaskTemplate\.ContainerSpec\.Isolation$/, "default"],
  [/^TaskTemplate\.ContainerSpec\.StopGracePeriod$/, 10_000_000_000],
  [/^TaskTemplate\.RestartPolicy\.Condition$/, "any"],
  [/^TaskTemplate\.RestartPolicy\.Delay$/, 5_000_000_000],
  [/^(Update|Rollback)Config\.Parallelism$/, 1],
  [/^(Update|Rollback)Config\.FailureAction$/, "pause"],
  [/^(Update|Rollback)Config\.Monitor$/, 5_000_000_000],
  [/^(Update|Rollback)Config\.Order$/, "stop-first"],
  [/^EndpointSpec\.Mode$/, "vip"],
  [/\.Protocol$/, "tcp"],
  [/\.PublishMode$/, "ingress"],
  [/\.Propagation$/, "rprivate"],
  [/\.(UID|GID)$/, "0"],
  [/\.Mode$/, 0o444],
];

/** What is compared elsewhere, or is Docker's own. */
const elsewhere =
  /^(Name|Labels|Mode|TaskTemplate\.(Networks|ForceUpdate|Placement\.Platforms|ContainerSpec\.Image))\b|(SecretID|ConfigID)$/;

/** Fields of a live service that the inputs which were read from it cannot say, as paths of Docker's API. Pure. */
export function unexpressed(live: WireSpec, inputs: ServiceInputs): readonly string[] {
  const ids = (files: ServiceInputs["secrets"]) =>
    Object.fromEntries(Object.values(files ?? {}).map(({ source }) => [source, source]));
  const networks = Object.fromEntries(
    Object.values(inputs.networks ?? {}).map(({ name }) => [name, name]),
  );
  const body = serviceBody(inputs, {
    ...{ networks, secrets: ids(inputs.secrets), configs: ids(inputs.configs) },
    ...{ image: inputs.image, labels: {} },
  });
  // What JSON cannot carry never reaches the Docker engine.
  return left(JSON.parse(JSON.stringify(live)), JSON.parse(JSON.stringify(body)), "");
}

function left(live: unknown, ours: unknown, path: string): readonly string[] {
  if (elsewhere.test(path) || isEmpty(live)) return [];
  if (Array.isArray(live)) {
    if (!Array.isArray(ours)) return [path];
    // Both are lists of the same things; the order is Docker's.
    const rest = [...ours];
    return live.flatMap((one, index) => {
      const at = rest.findIndex((other) => left(one, other, path).length === 0);
      if (at >= 0) rest.splice(at, 1);
      return at >= 0 ? [] : [`${path}[${index}]`];
    });
  }
  if (isMap(live)) {
    const known = isMap(ours) ? ours : {};
    return Object.entries(live).flatMap(([key, value]) =>
      left(value, known[key], path === "" ? key : `${path}.${key}`),
    );
  }
  if (live === ours) return [];
  return shown.some(([field, value]) => field.test(path) && live === value) ? [] : [path];
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === 0 || value === false) {
    return true;
  }
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.values(value).every(isEmpty);
}
