import { part, key as platformKey } from "../../components/config/schema/fields";
import type { LiveNetwork } from "../../components/engine/live";
import { NAMESPACE_LABEL } from "../../components/model/platform/names";
import type { ServiceSpec } from "../../components/model/platform/service-spec";
import type {
  ConfigSpec,
  NetworkSpec,
  PlatformSpec,
  SecretSpec,
  VolumeSpec,
} from "../../components/model/platform/spec";
import type { LiveService } from "../../components/model/service/wire";
import { type Live, networkNamesOf } from "./live";
import { fresh } from "./machines";
import { ownNetwork } from "./networks";
import { inputsOf, type Keys, serviceSpec, stackOf } from "./services";

/** A platform for what `docker stack deploy` calls a stack, or for what belongs to none. */
export interface FoundPlatform {
  /** Folder in platforms/, and the platform's name. */
  readonly name: string;
  /** Undefined for what belongs to no stack. */
  readonly stack?: string;
  readonly spec: PlatformSpec;
  /** Real name of each service, by key. */
  readonly services: { readonly [key: string]: string };
}

/** Everything that a swarm runs, as platforms. */
export interface FoundPlatforms {
  readonly platforms: readonly FoundPlatform[];
  /** What is left out or restarts, and why. */
  readonly notes: readonly string[];
}

/** What belongs to no stack. */
const ALONE = "standalone";

/** The platforms of a swarm: one for each stack, one for what belongs to none. Pure. */
export function platformsOf(live: Live): FoundPlatforms {
  const notes: string[] = [];
  const stacks = [
    ...live.services.map(stackOf),
    ...live.networks.map(({ Labels }) => Labels?.[NAMESPACE_LABEL]),
  ];
  const named = [...new Set(stacks.flatMap((stack) => stack ?? []))].sort();
  const [good, bad] = [named.filter(isPlatform), named.filter((one) => !isPlatform(one))];
  for (const stack of bad) {
    notes.push(
      `the stack ${stack} is left out: a platform's name has only lowercase letters, digits, - and _`,
    );
  }
  const all = good.map((stack) => platformOf(stack, stack, live, notes));
  const alone = platformOf(fresh(ALONE, good), undefined, live, notes);
  const isEmpty =
    Object.keys(alone.services).length + Object.keys(alone.spec.networks ?? {}).length === 0;
  return { platforms: isEmpty ? all : [...all, alone], notes };
}

function isPlatform(name: string): boolean {
  return platformKey.safeParse(name).success;
}

function platformOf(
  name: string,
  stack: string | undefined,
  live: Live,
  notes: string[],
): FoundPlatform {
  const names = networkNamesOf(live);
  const used = new Used(stack, live.networks, notes);
  const services: Record<string, ServiceSpec> = {};
  const real: Record<string, string> = {};
  for (const service of live.services.filter((one) => stackOf(one) === stack)) {
    const key = keyOf(service, stack, notes);
    if (key === undefined) continue;
    const inputs = inputsOf(service, names);
    services[key] = serviceSpec(inputs, { key, keys: used, ...(stack ? { stack } : {}) });
    real[key] = inputs.name;
  }
  const sections = Object.entries(used.sections()).filter(
    ([, section]) => Object.keys(section).length > 0,
  );
  const spec: PlatformSpec = {
    folder: "",
    ...(stack === undefined ? { namespace: false } : {}),
    ...Object.fromEntries(sections),
    services,
  };
  return { name, spec, services: real, ...(stack === undefined ? {} : { stack }) };
}

function keyOf({ Spec }: LiveService, stack: string | undefined, notes: string[]) {
  const { Name: name = "" } = Spec;
  const key = stack === undefined ? name : name.replace(`${stack}_`, "");
  if (stack !== undefined && !name.startsWith(`${stack}_`)) {
    notes.push(
      `the service ${name} is left out: it has the label of the stack ${stack}, and its name does not begin with ${stack}_`,
    );
    return undefined;
  }
  if (part.safeParse(key).success) return key;
  notes.push(`the service ${name} is left out: ${key} cannot be a key of a platform`);
  return undefined;
}

/** What the services of a platform use. */
class Used implements Keys {
  private readonly networks: Record<string, NetworkSpec> = {};
  private readonly volumes: Record<string, VolumeSpec> = {};
  private readonly secrets: Record<string, SecretSpec> = {};
  private readonly configs: Record<string, ConfigSpec> = {};
  private readonly networkKeys = new Map<string, string>();

  constructor(
    private readonly stack: string | undefined,
    all: readonly LiveNetwork[],
    notes: string[],
  ) {
    for (const network of all) {
      if (network.Labels?.[NAMESPACE_LABEL] !== stack) continue;
      const { spec, note } = ownNetwork(network, this.real(network.Name), stack);
      if (note !== undefined) notes.push(note);
      this.networks[this.key(network.Name, this.networks)] = spec;
      this.networkKeys.set(network.Name, Object.keys(this.networks).at(-1) ?? "");
    }
  }

  network(name: string): string {
    const known = this.networkKeys.get(name);
    if (known !== undefined) return known;
    const key = this.key(name, this.networks);
    this.networks[key] = { external: true, name };
    this.networkKeys.set(name, key);
    return key;
  }

  secret(name: string): string {
    return this.keep(this.secrets, name, { external: name }, (one) => one.external === name);
  }

  config(name: string): string {
    return this.keep(this.configs, name, { external: name }, (one) => one.external === name);
  }

  volume(name: string, volume: VolumeSpec): string {
    const same = JSON.stringify(volume);
    return this.keep(this.volumes, name, volume, (one) => JSON.stringify(one) === same);
  }

  sections() {
    const { networks, volumes, secrets, configs } = this;
    return { networks, volumes, secrets, configs };
  }

  private keep<T>(section: Record<string, T>, name: string, made: T, is: (one: T) => boolean) {
    const known = Object.entries(section).find(([, one]) => is(one));
    if (known !== undefined) return known[0];
    const key = this.key(name, section);
    section[key] = made;
    return key;
  }

  /** The part of a name after that of the stack; a key of its own. */
  private key(name: string, taken: object): string {
    const own = this.stack === undefined ? name : name.replace(new RegExp(`^${this.stack}_`), "");
    const plain = own
      .replace(/[^a-zA-Z0-9_.-]+/g, "-")
      .replace(/^[^a-zA-Z0-9]+|[^a-zA-Z0-9]+$/g, "");
    // A network of that key would be the platform's own.
    return fresh(plain || "unnamed", Object.keys(taken));
  }

  /** Whether the real name is what the key gives. */
  private real(name: string): boolean {
    const key = this.key(name, this.networks);
    return name === (this.stack === undefined ? key : `${this.stack}_${key}`);
  }
}
