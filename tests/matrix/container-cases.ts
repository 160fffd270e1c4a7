import type { Cases } from "./case";

/** The container's own settings: its simple fields. */
export const containerCases: Cases<
  | "image"
  | "entrypoint"
  | "command"
  | "hostname"
  | "env"
  | "containerLabels"
  | "user"
  | "groups"
  | "workingDir"
  | "tty"
  | "openStdin"
  | "readOnly"
  | "init"
  | "stopSignal"
  | "stopGracePeriod"
  | "extraHosts"
  | "dns"
  | "sysctls"
  | "capAdd"
  | "capDrop"
  | "ulimits"
  | "oomScoreAdj"
  | "privileges"
> = {
  image: {
    built: {
      first: { image: { build: "other" } },
      next: { image: { build: "marked" } },
    },
    named: {
      first: { image: "registry:5000/matrix/by-hand:1" },
      next: { image: "registry:5000/matrix/by-hand:2" },
    },
  },
  entrypoint: {
    "": { first: { entrypoint: ["/wait", "a"] }, next: { entrypoint: ["/bin/sh", "/wait"] } },
  },
  command: {
    "": { first: { command: ["one"] }, next: { command: ["two words", "$x", "{{.Node.ID}}"] } },
  },
  hostname: {
    "": { first: { hostname: "one-{{.Task.Slot}}" }, next: { hostname: "two" } },
  },
  env: {
    "": {
      first: { env: { D: "4", C: "a=b", B: "", A: "{{.Service.Name}}", PATH: null } },
      next: { env: { D: "5", C: "a=b", B: "with blanks", E: "new" } },
    },
    empty: { first: { env: {} }, next: { env: { A: "1" } } },
  },
  containerLabels: {
    "": {
      first: { containerLabels: { "b.c": "1", a: "" } },
      next: { containerLabels: { "b.c": "2" } },
    },
  },
  user: { "": { first: { user: "1000:1000" }, next: { user: "nobody" } } },
  groups: { "": { first: { groups: ["adm"] }, next: { groups: ["audio", "adm"] } } },
  workingDir: { "": { first: { workingDir: "/tmp" }, next: { workingDir: "/var/made" } } },
  tty: { "": { first: { tty: true }, next: { tty: false }, removal: "keep" } },
  openStdin: { "": { first: { openStdin: true }, next: { openStdin: false }, removal: "keep" } },
  readOnly: { "": { first: { readOnly: true }, next: { readOnly: false }, removal: "keep" } },
  init: { "": { first: { init: true }, next: { init: false } } },
  stopSignal: { "": { first: { stopSignal: "SIGINT" }, next: { stopSignal: "SIGUSR1" } } },
  stopGracePeriod: {
    "": { first: { stopGracePeriod: "90s" }, next: { stopGracePeriod: "1500ms" } },
    zero: { first: { stopGracePeriod: "0s" }, next: { stopGracePeriod: "10s" }, removal: "keep" },
  },
  extraHosts: {
    "": {
      first: { extraHosts: { zebra: "10.9.9.9", "host.internal": "10.9.9.9" } },
      next: { extraHosts: { zebra: "fd00::1" } },
    },
  },
  dns: {
    "": {
      first: {
        dns: {
          nameservers: ["10.1.1.2", "10.1.1.1"],
          search: ["b.org", "a.org"],
          options: ["ndots:2"],
        },
      },
      next: { dns: { nameservers: ["10.1.1.1"], search: ["a.org"], options: ["rotate"] } },
    },
  },
  sysctls: {
    "": {
      first: { sysctls: { "net.ipv4.ip_default_ttl": "65" } },
      next: { sysctls: { "net.ipv4.ip_default_ttl": "66" } },
    },
  },
  capAdd: {
    "": {
      first: { capAdd: ["net_admin", "CAP_SYS_NICE"] },
      next: { capAdd: ["CAP_NET_ADMIN"] },
    },
  },
  capDrop: {
    "": { first: { capDrop: ["ALL"] }, next: { capDrop: ["CHOWN", "CAP_MKNOD"] } },
  },
  ulimits: {
    "": {
      first: { ulimits: { nproc: { soft: 512, hard: 1024 }, nofile: { soft: 1024, hard: 2048 } } },
      next: { ulimits: { nofile: { soft: 2048, hard: 2048 }, core: { soft: -1, hard: -1 } } },
    },
  },
  oomScoreAdj: { "": { first: { oomScoreAdj: 500 }, next: { oomScoreAdj: 1000 } } },
  privileges: {
    labels: {
      first: { privileges: { selinuxContext: { disable: true } } },
      next: { privileges: { selinuxContext: { disable: false } } },
      removal: "keep",
    },
    confined: {
      first: {
        privileges: {
          noNewPrivileges: true,
          seccomp: { mode: "unconfined" },
          appArmor: { mode: "disabled" },
        },
      },
      next: {
        privileges: {
          noNewPrivileges: false,
          seccomp: { mode: "default" },
          appArmor: { mode: "default" },
        },
      },
      removal: "keep",
    },
    profile: {
      first: {
        privileges: {
          seccomp: { mode: "custom", profile: '{"defaultAction":"SCMP_ACT_ALLOW"}' },
        },
      },
      next: { privileges: { seccomp: { mode: "unconfined" } } },
    },
  },
};
