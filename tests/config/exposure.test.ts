import { expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, readChanged } from "./yard";

/** What is warned about a service with these fields, without the warnings of the good environment. */
function warnings(web: PlainMap, rest: PlainMap = {}): readonly (readonly string[])[] {
  const usual = readChanged().warnings.map(({ path }) => path);
  const { problems, warnings: found } = readChanged({ spec: { services: { web }, ...rest } });
  expect(problems).toEqual([]);
  return found.filter(({ path }) => !usual.includes(path)).map(brief);
}

const bind = (source: string, more: PlainMap = {}) => ({
  mounts: { "/in": { type: "bind", source, ...more } },
});
const SOURCE = 'platforms/app: services.web.mounts["/in"].source';
const PLACE = "a volume, or a folder of your own";

test("the socket of a Docker engine is root on the node, read-only or not", () => {
  const allowed = "no socket of the node's Docker engine";
  const fix =
    "a proxy that passes on only the calls which the service needs, or `nodeAccess` of the service with the reason";
  const who = "who may use it is root on the node";
  for (const socket of ["/var/run/docker.sock", "/run/docker.sock"]) {
    expect(warnings(bind(socket))).toEqual([[SOURCE, `${socket}: ${who}`, allowed, fix]]);
  }
  const found = `/run/containerd/containerd.sock: ${who}, read-only or not`;
  expect(warnings(bind("/run/containerd/containerd.sock", { readOnly: true }))).toEqual([
    [SOURCE, found, allowed, fix],
  ]);
});

test("folders of the node's system: some always, the others only when the service may write", () => {
  const writable = (path: string, fix: string) => [
    [SOURCE, `${path}, a folder of the node's system, writable`, PLACE, fix],
  ];
  expect(warnings(bind("/"))).toEqual(writable("/", "the one file that is needed"));
  expect(warnings(bind("/etc/cron.d"))).toEqual(writable("/etc/cron.d", "`readOnly: true`"));
  expect(warnings(bind("/var/lib/docker", { readOnly: true }))).toEqual([
    [
      SOURCE,
      "/var/lib/docker, a folder of the node's system",
      PLACE,
      "the one file that is needed",
    ],
  ]);
  for (const source of ["/etc/localtime", "/proc", "/sys"]) {
    expect(warnings(bind(source, { readOnly: true }))).toEqual([]);
  }
  for (const source of ["/srv/data", "/mnt/share/app", "/etcetera", "/run/app"]) {
    expect(warnings(bind(source))).toEqual([]);
  }
});

test("what the service is meant to have, with the reason, is not warned of; all else still is", () => {
  const both = {
    mounts: {
      "/in": { type: "bind", source: "/etc" },
      "/engine": { type: "bind", source: "/var/run/docker.sock" },
    },
  };
  const socket = "//var/run/docker.sock/";
  const found = warnings({ ...both, nodeAccess: { [socket]: "reads which services exist" } });
  expect(found.map(([path]) => path)).toEqual([SOURCE]);
  const rshared = bind("/srv", { bind: { propagation: "rshared" } });
  expect(warnings({ ...rshared, nodeAccess: { "/srv": "mounts for others" } })).toHaveLength(1);
});

test("a reason for what the service does not mount is warned of", () => {
  const nodeAccess = { "/run/docker.sock": "reads which services exist" };
  const found = "a path of the node that the service does not mount";
  const fix = "remove it, or correct the path";
  const path = 'platforms/app: services.web.nodeAccess["/run/docker.sock"]';
  expect(warnings({ ...bind("/srv/data"), nodeAccess })).toEqual([[path, found, "/srv/data", fix]]);
  expect(warnings({ nodeAccess })).toEqual([[path, found, "no path: it mounts none", fix]]);
});

test.each([
  [{ "run/docker.sock": "why" }, "an absolute path"],
  [{ "/run/docker.sock": "" }, "the reason why the service needs it"],
  [{ "/run/docker.sock": true }, "the reason why the service needs it"],
])("nodeAccess %j is refused", (nodeAccess, allowed) => {
  const { problems } = readChanged({ spec: { services: { web: { nodeAccess } } } });
  expect(problems.map((problem) => problem.allowed)).toEqual([expect.stringContaining(allowed)]);
});

test("a path counts as the node reads it", () => {
  const found = (source: string) => warnings(bind(source)).map(([, what]) => what);
  for (const source of [
    "//var/run/docker.sock",
    "/srv/../run/docker.sock",
    "/./run/docker.sock/",
  ]) {
    expect(found(source)).toEqual([
      expect.stringMatching(/, which is \/(var\/)?run\/docker\.sock: /),
    ]);
  }
  expect(found("/srv/../etc")).toEqual([
    "/srv/../etc, which is /etc, a folder of the node's system, writable",
  ]);
  expect(found("/proc/1/root/srv")).toHaveLength(1);
  expect(found("/srv/data/")).toEqual([]);
});

test("the root of the share, what is above it, and the environment's own files on it", () => {
  const found = (source: string) => warnings(bind(source, { readOnly: true }));
  for (const source of ["/mnt/share", "/mnt", "/mnt/share/.registry"]) {
    expect(found(source)).toEqual([
      [
        SOURCE,
        `${source}, with the data of every platform on the share`,
        PLACE,
        "a volume with `shared: true`",
      ],
    ]);
  }
  for (const source of ["/mnt/share/app", "/mnt/shared", "/mn"]) expect(found(source)).toEqual([]);
});

test("a volume that binds a path or a disk of the node", () => {
  const volume = (driverOptions: PlainMap) =>
    warnings({}, { volumes: { logs: { driverOptions } } }).map(([path, what]) => [path, what]);
  const path = "platforms/app: volumes.logs.driverOptions.device";
  expect(volume({ type: "none", o: "bind", device: "/" })).toEqual([
    [path, "/, a folder of the node's system, writable"],
  ]);
  expect(volume({ type: "ext4", o: "rbind,ro", device: "//run/docker.sock" })).toEqual([
    [
      path,
      "//run/docker.sock, which is /run/docker.sock: who may use it is root on the node, read-only or not",
    ],
  ]);
  expect(volume({ type: "ext4", device: "/dev/nvme0n1p1" })).toEqual([
    [path, "/dev/nvme0n1p1, a disk of the node"],
  ]);
  expect(volume({ type: "none", o: "bind,ro", device: "/etc/localtime" })).toEqual([]);
  expect(volume({ type: "nfs", o: "addr=10.0.0.1", device: ":/export" })).toEqual([]);
});

test("capabilities that amount to root on the node", () => {
  expect(warnings({ capAdd: ["CAP_SYS_ADMIN", "NET_BIND_SERVICE", "SYS_MODULE"] })).toEqual([
    [
      "platforms/app: services.web.capAdd[0]",
      "CAP_SYS_ADMIN: mounting the node's disks, and so root on the node",
      "the capabilities that the program needs",
      "remove it, or take a narrower one",
    ],
    [
      "platforms/app: services.web.capAdd[2]",
      "SYS_MODULE: loading code into the node's kernel",
      "the capabilities that the program needs",
      "remove it, or take a narrower one",
    ],
  ]);
});

test("mounts that reach the node, and profiles that are switched off", () => {
  const shared = bind("/srv/data", { bind: { propagation: "rshared" } });
  expect(warnings(shared)).toEqual([
    [
      'platforms/app: services.web.mounts["/in"].bind.propagation',
      "rshared: what the container mounts appears on the node",
      "private, rprivate, slave, rslave",
      "`propagation: rslave`",
    ],
  ]);
  const privileges = {
    seccomp: { mode: "unconfined" },
    appArmor: { mode: "disabled" },
    selinuxContext: { disable: true },
  };
  expect(warnings({ privileges }).map(([path, found]) => [path, found])).toEqual([
    [
      "platforms/app: services.web.privileges.seccomp.mode",
      "unconfined: every system call is open",
    ],
    [
      "platforms/app: services.web.privileges.appArmor.mode",
      "disabled: no file of the kernel is closed",
    ],
    [
      "platforms/app: services.web.privileges.selinuxContext.disable",
      "true: SELinux closes no file of the node",
    ],
  ]);
});

test("the network of the node", () => {
  const networks = { node: { external: true, name: "host" } };
  const web = { networks: { node: {}, default: null }, ports: null };
  expect(warnings(web, { networks, open: null }).map(([path, found]) => [path, found])).toEqual([
    [
      "platforms/app: services.web.networks.node",
      "the network host: its programs reach the ports of the swarm, and in a cloud the rights of the machine",
    ],
  ]);
});
