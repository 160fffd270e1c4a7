import { bothNames } from "../../model/platform/compose-names";
import type { Known } from "./known";

/** Limits of processes by the kernel's numbers. */
const LIMITS: { readonly [type: string]: string } = {
  "4": "core",
  "6": "nproc",
  "7": "nofile",
  "8": "memlock",
  "13": "nice",
  "14": "rtprio",
};

/** What a node has no room for, does not have, or refuses. */
export const nodes: readonly Known[] = [
  {
    pattern: /No such image: (\S+)/,
    text: ([, image]) => `the image ${image} cannot be pulled (No such image)`,
    remedy: () => "correct `image` of the service, or push that image, so that nodes can pull it",
    final: "image",
  },
  {
    pattern: /no space left on device/,
    text: () => "the node's disk is full (no space left on device)",
    remedy: () =>
      "make room on that node (`docker system df`, `docker image prune -a` there), or give it a larger disk",
  },
  {
    pattern: /failed to initialize logging driver: (.+)/,
    text: ([, said]) => `its log driver cannot start: ${said}`,
    remedy: ([, said = ""]) =>
      /dial |connect|lookup|no such host|refused|timeout/.test(said)
        ? 'start what receives the logs and let nodes reach it, since a task does not start without it (fluentd: `fluentd-async: "true"`)'
        : "correct `logging` of the service",
  },
  {
    pattern:
      /no log driver named '\S+' is registered|unknown log opt '\S+' for \S+ log driver|must specify a value for log opt '\S+'|logger: .*(?:mode|max-buffer-size).*/,
    text: ([said]) => said,
    remedy: () => "correct `logging` of the service",
    final: "anywhere",
  },
  {
    pattern: /Range of CPUs is from \S+ to (\S+?),? as there are only (\d+) CPUs available/,
    text: ([said]) => `the node has fewer cores than the service's limit: ${said}`,
    remedy: ([, , cores]) =>
      `${bothNames("resources.limits.cpus")} of at most ${cores}, or a constraint that keeps the service on larger nodes`,
    final: "on this node",
  },
  {
    pattern:
      /error setting rlimits?(?: for ready process: error setting rlimit)? type (\d+): ([\w ]+)/,
    text: ([, type = "", said]) =>
      `the node does not allow its limit ${LIMITS[type] ?? `number ${type}`}: ${said}`,
    remedy: ([, type = ""]) =>
      `a smaller \`ulimits\` entry ${LIMITS[type] ?? ""} of the service, or a higher limit for the Docker engine (its systemd unit) on that node`,
    final: "on this node",
  },
  {
    pattern:
      /(?:open|write) \/proc\/sys\/(\S+): (no such file or directory|permission denied|invalid argument|read-only file system)/,
    text: ([, path = "", said]) =>
      `the kernel refuses the sysctl ${path.replaceAll("/", ".")}: ${said}`,
    remedy: ([, , said]) =>
      said === "invalid argument"
        ? "correct its value in `sysctls` of the service"
        : "remove it from `sysctls` of the service, and set it on the nodes where it is the node's own",
    final: "on this node",
  },
  {
    pattern: /cpu\.(?:cfs_quota_us|max): invalid argument/,
    text: () => "the kernel refuses so small a part of a core",
    remedy: () => `${bothNames("resources.limits.cpus")} of at least 0.01`,
    final: "anywhere",
  },
  {
    pattern:
      /could not select device driver|nvidia-container-cli|unknown or invalid runtime name: (\S+)|nvml error/,
    text: (_, whole) => `the node cannot give it a GPU: ${whole}`,
    remedy: () =>
      "install the GPU's driver and nvidia-container-toolkit on that node, or remove the node's generic resource",
    final: "on this node",
  },
  {
    pattern: /docker-default profile could not be loaded|apparmor_parser/i,
    text: () => "the node's AppArmor has no profile docker-default",
    remedy: () => "install the package apparmor on that node and restart its Docker engine",
    final: "on this node",
  },
  {
    pattern:
      /invalid mount config for type "\w+": .+|Minimum memory limit allowed is \w+|invalid (?:capability|CapAdd|CapDrop): .+|sysctl "\S+" is not in a separate kernel namespace|mount destination .+ not absolute/,
    text: ([said]) => `the Docker engine refuses it: ${said}`,
    final: "anywhere",
  },
  {
    pattern: /(?:secret|config) (?:reference|\S+) not found|unable to get (?:secret|config)/,
    text: (_, whole) => whole,
    remedy: () => "run npm run refresh, then npm run up to recreate it",
  },
];
