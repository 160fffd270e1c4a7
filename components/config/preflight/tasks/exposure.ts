import type { ServicePlan } from "../../../model/platform/plan";
import type { Finding, Keys } from "../../../model/problem";
import { capabilityName } from "../../../model/service/capability-name";
import { onNode } from "../../../model/system-folders";
import { boundBy } from "../../platforms/plan-volumes";
import { platformProblem } from "../../platforms/platforms";
import type { Check } from "../flight";
import { nodePath, type Reached } from "./node-paths";

/** What gives a service the node itself, or a large part of it. */
export const warnExposure: Check = ({ drafts, environment: { share } }) => {
  const shared = share.kind === "none" ? {} : { sharePath: share.path };
  return drafts.flatMap((draft) => [
    ...Object.entries(draft.plan.services).flatMap(([service, spec]) => {
      const known = draft.spec.services[service]?.nodeAccess ?? {};
      return [
        ...unused(spec, known),
        ...binds(spec, { ...shared, known }),
        ...capabilities(spec),
        ...confinement(spec),
        ...hostNetwork(spec),
      ].map(({ keys, ...about }) => platformProblem(draft, ["services", service, ...keys], about));
    }),
    ...Object.entries(draft.plan.volumes).flatMap(([key, volume]) =>
      // A shared volume is a folder of the platform's own.
      (volume.kind === "shared" ? [] : devices(volume, shared)).map(({ keys, ...about }) =>
        platformProblem(draft, ["volumes", key, ...keys], about),
      ),
    ),
  ]);
};

type Shared = Pick<Reached, "sharePath">;
const SHARED = ["shared", "rshared"];

/** Paths of the node that a service is meant to have, with the reasons. */
interface Known {
  readonly known: { readonly [path: string]: string };
}

function binds({ mounts = {} }: ServicePlan, { known, ...shared }: Shared & Known) {
  const meant = new Set(Object.keys(known).map(onNode));
  return Object.entries(mounts).flatMap(([target, mount]): readonly Finding[] => {
    const { source, readOnly = false, bind } = mount;
    const keys = ["mounts", target];
    if (mount.type !== "bind" || source === undefined) return [];
    const about = meant.has(onNode(source)) ? undefined : nodePath(source, { readOnly, ...shared });
    const findings: Finding[] =
      about === undefined ? [] : [{ keys: [...keys, "source"], ...about }];
    const propagation = bind?.propagation;
    if (propagation !== undefined && SHARED.includes(propagation)) {
      const found = `${propagation}: what the container mounts appears on the node`;
      const fix = "`propagation: rslave`";
      const allowed = "private, rprivate, slave, rslave";
      findings.push({ keys: [...keys, "bind", "propagation"], found, allowed, fix });
    }
    return findings;
  });
}

/** Reasons for what the service does not mount: a path that changed would go by without a warning one day. */
function unused({ mounts = {} }: ServicePlan, known: Known["known"]): readonly Finding[] {
  const sources = Object.values(mounts).flatMap(({ type, source }) =>
    type === "bind" && source !== undefined ? [onNode(source)] : [],
  );
  return Object.keys(known).flatMap((path) => {
    if (sources.includes(onNode(path))) return [];
    const found = "a path of the node that the service does not mount";
    const allowed = sources.length === 0 ? "no path: it mounts none" : sources.join(", ");
    return [{ keys: ["nodeAccess", path], found, allowed, fix: "remove it, or correct the path" }];
  });
}

interface Driven {
  readonly driver?: string;
  readonly driverOptions?: { readonly [option: string]: string };
}

/** What a volume of Docker's own driver mounts of its node. With `bind` the kernel ignores its type. */
function devices({ driver = "local", driverOptions = {} }: Driven, shared: Shared) {
  const { o = "", device = "" } = driverOptions;
  const { type: _, ...untyped } = driverOptions;
  const keys = ["driverOptions", "device"];
  const bound = boundBy({ driver, driverOptions: untyped });
  if (bound === undefined) return driver === "local" ? disks(keys, device) : [];
  const about = nodePath(bound, { readOnly: o.split(",").includes("ro"), ...shared });
  return about === undefined ? [] : [{ keys, ...about }];
}

function disks(keys: Keys, device: string): readonly Finding[] {
  if (!/^\/dev\/./.test(onNode(device)) || !device.startsWith("/")) return [];
  const found = `${device}, a disk of the node`;
  return [{ keys, found, allowed: "a folder of your own", fix: "`type: none`, `o: bind`" }];
}

/** What each lets a container do to its node. */
const powers: { readonly [capability: string]: string } = {
  ALL: "everything that root may do on the node",
  SYS_ADMIN: "mounting the node's disks, and so root on the node",
  SYS_MODULE: "loading code into the node's kernel",
  SYS_RAWIO: "reading and writing the node's memory",
  SYS_PTRACE: "reading the memory of other programs",
  DAC_READ_SEARCH: "reading any file of the node",
  BPF: "running code in the node's kernel",
};

function capabilities({ capAdd = [] }: ServicePlan): readonly Finding[] {
  return capAdd.flatMap((capability, index) => {
    const power = powers[capabilityName(capability)];
    if (power === undefined) return [];
    const found = `${capability}: ${power}`;
    const allowed = "the capabilities that the program needs";
    return [{ keys: ["capAdd", index], found, allowed, fix: "remove it, or take a narrower one" }];
  });
}

function confinement({ privileges }: ServicePlan): readonly Finding[] {
  const off = (keys: Keys, found: string, fix: string): Finding => {
    return { keys: ["privileges", ...keys], found, allowed: "the Docker engine's profile", fix };
  };
  return [
    ...(privileges?.seccomp?.mode === "unconfined"
      ? [off(["seccomp", "mode"], "unconfined: every system call is open", "`mode: custom`")]
      : []),
    ...(privileges?.appArmor?.mode === "disabled"
      ? [off(["appArmor", "mode"], "disabled: no file of the kernel is closed", "`mode: default`")]
      : []),
    ...(privileges?.selinuxContext?.disable === true
      ? [
          off(
            ["selinuxContext", "disable"],
            "true: SELinux closes no file of the node",
            "`disable: false`",
          ),
        ]
      : []),
  ];
}

function hostNetwork({ networks }: ServicePlan): readonly Finding[] {
  return Object.entries(networks).flatMap(([key, { name }]) => {
    if (name !== "host") return [];
    const found =
      "the network host: its programs reach the ports of the swarm, and in a cloud the rights of the machine";
    const fix = "an overlay network, with `ports` for what others have to reach";
    return [{ keys: ["networks", key], found, allowed: "an overlay network", fix }];
  });
}
