import { NAMESPACE_LABEL } from "../../components/model/platform/names";
import type { PlatformPlan, VolumePlan } from "../../components/model/platform/plan";
import { isOfSystem, onNode } from "../../components/model/system-folders";

/** Where the data of a platform is. */
export interface DataPlaces {
  /** Real names of volumes on each node; a `*` stands for what swarm fills in. */
  readonly volumes: readonly string[];
  /** Names that a `*` does not stand for, because they belong to somebody else; they may have a `*` too. */
  readonly others: readonly string[];
  /** Values of the label of its volumes that says whose they are. */
  readonly owners: readonly string[];
  /** Folders on the share. */
  readonly shared: readonly string[];
  /** Directories of the nodes that volumes bind. */
  readonly bound: readonly string[];
  /** What is not touched, with the reason. */
  readonly stays: readonly string[];
}

/** A platform of the environment. */
export interface NamedPlan {
  readonly name: string;
  readonly plan: PlatformPlan;
}

/** What else is on the nodes of a platform. */
export interface Surroundings {
  /** The other platforms of the environment. @default none */
  readonly others?: readonly NamedPlan[];
  /** Path of the share. @default there is none */
  readonly sharePath?: string | undefined;
}

type Made = Exclude<VolumePlan, { readonly kind: "external" }>;

/** Where the data of a platform's own volumes is. Only what is certainly its own goes. Pure. */
export function dataOf(platform: NamedPlan, surroundings: Surroundings = {}): DataPlaces {
  const { plan } = platform;
  const { others = [] } = surroundings;
  const own = Object.values(plan.volumes);
  const made = own.flatMap((volume) => (volume.kind === "external" ? [] : [volume]));
  const taken = others.flatMap(({ plan: other }) =>
    Object.values(other.volumes).map(({ name }) => name),
  );
  const named = made.map(({ name }) => judgeName(name, platform, taken));
  const devices = made.map((volume) => judgeDevice(volume, platform, surroundings));
  return {
    volumes: named.flatMap(({ going }) => going),
    others: [...taken, ...own.flatMap((one) => (one.kind === "external" ? [one.name] : []))].map(
      withStars,
    ),
    owners: [
      ...new Set([platform.name, ...made.flatMap(({ labels }) => labels[NAMESPACE_LABEL] ?? [])]),
    ],
    shared: made.flatMap((one) => (one.kind === "shared" ? [one.folder] : [])),
    bound: devices.flatMap(({ going }) => going),
    stays: [
      ...own.flatMap((one) => (one.kind === "external" ? [`${one.name}, which is external`] : [])),
      ...named.flatMap(({ stays }) => stays),
      ...made.flatMap((one) => (isRemote(one) ? [`what ${one.name} mounts from elsewhere`] : [])),
      ...devices.flatMap(({ stays }) => stays),
      ...Object.keys(plan.directories ?? {}).map((path) => `${path}, which is not a volume`),
    ],
  };
}

interface Judged {
  readonly going: readonly string[];
  readonly stays: readonly string[];
}

const goes = (...going: readonly string[]): Judged => ({ going, stays: [] });
const stays = (what: string, why: string): Judged => ({ going: [], stays: [`${what}, ${why}`] });

function withStars(name: string): string {
  return name.replace(/\{\{.*?\}\}/gs, "*");
}

/** The names of a volume; one that swarm completes goes where they can only be the platform's. */
function judgeName(name: string, platform: NamedPlan, taken: readonly string[]): Judged {
  if (taken.includes(name)) return stays(name, "which another platform uses too");
  if (!name.includes("{{")) return goes(name);
  // The name of a service is unique in a swarm, so it says whose the volume is.
  const services = Object.values(platform.plan.services).map((service) => service.name);
  const byService = /\{\{\s*\.Service\.Name\s*\}\}/g;
  const all = byService.test(name)
    ? services.map((one) => name.replaceAll(byService, one))
    : [name];
  const names = [...new Set(all)].map(withStars);
  if (names.every((one) => namesPlatform(one, platform.name))) return goes(...names);
  return stays(name, `whose name does not say that it belongs to ${platform.name}`);
}

/** Whether the fixed text of a name has the platform's name as a word. */
function namesPlatform(name: string, platform: string): boolean {
  const word = platform.replace(/[.\\+*?^$()[\]{}|-]/g, "\\$&");
  return new RegExp(`(^|[^a-zA-Z0-9])${word}($|[^a-zA-Z0-9*])`).test(name);
}

/** The directory that a volume binds, as far as it can be cleared without harm. */
function judgeDevice(
  volume: Made,
  { name, plan }: NamedPlan,
  { others = [], sharePath }: Surroundings,
): Judged {
  if (volume.kind === "shared" || volume.device === undefined) return goes();
  const path = onNode(volume.device);
  const within = (folder: string) => path === folder || path.startsWith(`${folder}/`);
  const depth = path.split("/").length - 1;
  if (path.includes("{{")) return stays(path, "which swarm completes");
  if (isOfSystem(path)) return stays(path, "which is in a folder of the system");
  if (path === "/" || depth < 2) return stays(path, "which is at the top of the nodes");
  if (within("/home") && depth < 3) return stays(path, "which is the home of a user");
  if (sharePath !== undefined && !within(`${sharePath}/${name}`)) {
    const around = within(sharePath) || sharePath.startsWith(`${path}/`);
    if (around) return stays(path, "which is on the share and not of this platform alone");
  }
  if (isReadOnly(volume, plan)) return stays(path, "which is only read");
  const user = others.find((other) =>
    pathsOf(other.plan).some((one) => one === path || one.startsWith(`${path}/`)),
  );
  if (user !== undefined) return stays(path, `which ${user.name} uses too`);
  return goes(path);
}

function isReadOnly({ name, driverOptions }: Made, { services }: PlatformPlan): boolean {
  if ((driverOptions.o ?? "").split(",").includes("ro")) return true;
  const mounts = Object.values(services).flatMap((service) => Object.values(service.mounts ?? {}));
  const using = mounts.filter(({ type, source }) => type === "volume" && source === name);
  return using.length > 0 && using.every(({ readOnly }) => readOnly === true);
}

/** Directories of the nodes that a platform uses. */
function pathsOf({ volumes, services, directories = {} }: PlatformPlan): readonly string[] {
  const devices = Object.values(volumes).flatMap((one) => {
    if (one.kind === "external") return one.driverOptions?.device ?? [];
    return one.kind === "shared" ? one.folder : (one.device ?? []);
  });
  const mounts = Object.values(services).flatMap((service) => Object.values(service.mounts ?? {}));
  const bound = mounts.flatMap(({ type, source }) => (type === "bind" ? (source ?? []) : []));
  return [...devices, ...bound, ...Object.keys(directories)].map(onNode);
}

/** Whether its data is neither on the nodes nor on the share, such as that of NFS. */
function isRemote(volume: Made): boolean {
  if (volume.kind === "shared" || volume.device !== undefined) return false;
  const isLocal = volume.driver === "local" || volume.driver === "";
  return !isLocal || Object.keys(volume.driverOptions).length > 0;
}
