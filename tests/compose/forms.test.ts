import { describe, expect, test } from "vitest";
import { read, serviceOf, specOf } from "./read";

const ns = { "com.docker.stack.namespace": "shop" };

/** YAML of a service, what is beside it in the file, and what the spec has. */
const forms: readonly (readonly [string, string, object])[] = [
  ["command: a 'b c'", "", { command: ["a", "b c"] }],
  ["command: [a, 1, true]", "", { command: ["a", "1", "true"] }],
  ["command: ''", "", {}],
  ["entrypoint: /run.sh -x", "", { entrypoint: ["/run.sh", "-x"] }],
  ["environment: [A=1, B, 'C=a=b', D=]", "", { env: { A: "1", B: null, C: "a=b", D: "" } }],
  ["environment: { A: 1, B: , HOME: }", "", { env: { A: "1", B: null, HOME: "/home/me" } }],
  ["labels: [a=1, b]", "", { containerLabels: { a: "1", b: "" } }],
  ["labels: { a: 1, b: }", "", { containerLabels: { a: "1", b: "" } }],
  ["deploy: { labels: [a=1] }", "", { labels: { a: "1" } }],
  ["ports: [80]", "", { ports: [{ target: 80 }] }],
  ["ports: ['0:80']", "", { ports: [{ target: 80 }] }],
  [
    "ports: ['8080:80', '53:53/udp']",
    "",
    {
      ports: [
        { target: 80, published: 8080 },
        { target: 53, published: 53, protocol: "udp" },
      ],
    },
  ],
  [
    "ports: ['3000-3001:80-81']",
    "",
    {
      ports: [
        { target: 80, published: 3000 },
        { target: 81, published: 3001 },
      ],
    },
  ],
  [
    "ports: ['8080-8081:80']",
    "",
    {
      ports: [
        { target: 80, published: 8080 },
        { target: 80, published: 8081 },
      ],
    },
  ],
  ["ports: ['90-91']", "", { ports: [{ target: 90 }, { target: 91 }] }],
  [
    "ports: [{ target: 80, published: '8080', mode: host, protocol: tcp, name: web }]",
    "",
    { ports: [{ target: 80, published: 8080, mode: "host" }] },
  ],
  ["ports: [{ target: 53, protocol: UDP }]", "", { ports: [{ target: 53, protocol: "udp" }] }],
  ["cap_add: [NET_ADMIN, all]\ncap_drop: [chown, ALL]", "", { capAdd: ["ALL"] }],
  ["cap_add: [CHOWN]\ncap_drop: [cap_chown, KILL]", "", { capAdd: ["CHOWN"], capDrop: ["KILL"] }],
  ["stop_signal: ''", "", {}],
  ["logging: { driver: '', options: { tag: a } }", "", { logging: { options: { tag: "a" } } }],
  ["dns: ''", "", {}],
  ["dns: ['', 1.1.1.1]", "", { dns: { nameservers: ["1.1.1.1"] } }],
  ["extra_hosts: ['a: 10.0.0.1', 'b =::1']", "", { extraHosts: { a: "10.0.0.1", b: "::1" } }],
  ["labels: { com.docker.stack.namespace: x, a: b }", "", { containerLabels: { a: "b" } }],
  [
    "secrets: [{ source: s, target: '', mode: '0440' }]",
    "secrets: { s: { external: true } }",
    { secrets: { s: { source: "s", mode: "0440" } } },
  ],
  [
    "secrets: [{ source: s, mode: '440' }]",
    "secrets: { s: { external: true } }",
    { secrets: { s: { source: "s", mode: "0440" } } },
  ],
  [
    "volumes: [{ type: volume, source: '', target: /a }]",
    "",
    { mounts: { "/a": { type: "volume" } } },
  ],
  [
    "volumes: [{ type: cluster, source: own, target: /a }, { type: cluster, source: 'group:g', target: /b }, { type: cluster, source: ex, target: /c }, { type: cluster, source: named, target: /d }]",
    "volumes: { own: , ex: { external: true }, named: { name: real } }",
    {
      mounts: {
        "/a": { type: "cluster", source: "shop_own" },
        "/b": { type: "cluster", source: "group:g" },
        "/c": { type: "cluster", source: "ex" },
        "/d": { type: "cluster", source: "real" },
      },
    },
  ],
  ["volumes: ['/data']", "", { mounts: { "/data": { type: "volume" } } }],
  [
    "volumes: ['/etc/x:/x:ro,rslave']",
    "",
    {
      mounts: {
        "/x": { type: "bind", source: "/etc/x", readOnly: true, bind: { propagation: "rslave" } },
      },
    },
  ],
  [
    "volumes: ['~/x:/x', '~:/y']",
    "",
    {
      mounts: {
        "/x": { type: "bind", source: "/home/me/x" },
        "/y": { type: "bind", source: "/home/me" },
      },
    },
  ],
  [
    "volumes: ['d:/d:ro,nocopy']",
    "volumes: { d: { labels: [a=b] } }",
    {
      mounts: {
        "/d": {
          type: "volume",
          source: "d",
          readOnly: true,
          volume: { noCopy: true, labels: { a: "b", ...ns } },
        },
      },
    },
  ],
  [
    "volumes: [{ type: volume, source: d, target: /d, read_only: true, volume: { nocopy: true, subpath: a } }]",
    "volumes: { d: { external: true } }",
    {
      mounts: {
        "/d": {
          type: "volume",
          source: "d",
          readOnly: true,
          volume: { noCopy: true, subpath: "a" },
        },
      },
    },
  ],
  [
    "volumes: [{ type: tmpfs, target: /t, tmpfs: { size: 64m, mode: 01777 } }]",
    "",
    { mounts: { "/t": { type: "tmpfs", tmpfs: { size: "64m", mode: "01777" } } } },
  ],
  ["tmpfs: /run", "", { mounts: { "/run": { type: "tmpfs" } } }],
  [
    "tmpfs: ['/run:size=1m,mode=755,ro', /tmp]",
    "",
    {
      mounts: {
        "/run": { type: "tmpfs", readOnly: true, tmpfs: { size: "1m", mode: "0755" } },
        "/tmp": { type: "tmpfs" },
      },
    },
  ],
  [
    "tmpfs: ['/run:exec,nosuid', '/tmp:noexec']",
    "",
    {
      mounts: {
        "/run": { type: "tmpfs", tmpfs: { exec: true } },
        "/tmp": { type: "tmpfs", tmpfs: { exec: false } },
      },
    },
  ],
  ["shm_size: 500mb", "", { mounts: { "/dev/shm": { type: "tmpfs", tmpfs: { size: "500mb" } } } }],
  [
    "secrets: [s, { source: s, target: /x, uid: 103, gid: '5', mode: 0400 }]",
    "secrets: { s: { external: true } }",
    { secrets: { s: { source: "s" }, "/x": { source: "s", uid: "103", gid: "5", mode: "0400" } } },
  ],
  ["configs: [c]", "configs: { c: { content: x } }", { configs: { c: { source: "c" } } }],
  ["networks: [a, default]", "networks: { a: }", { networks: { a: {}, default: {} } }],
  [
    "networks: { a: { aliases: [x], driver_opts: { k: 1 } }, b: }",
    "networks: { a: , b: }",
    { networks: { a: { aliases: ["x"], driverOptions: { k: "1" } }, b: {} } },
  ],
  ["networks: {}", "", {}],
  [
    "ulimits: { nofile: 5, stack: { soft: 1, hard: 2 }, memlock: -1 }",
    "",
    {
      ulimits: {
        nofile: { soft: 5, hard: 5 },
        stack: { soft: 1, hard: 2 },
        memlock: { soft: -1, hard: -1 },
      },
    },
  ],
  [
    "extra_hosts: ['a:1.1.1.1', 'b=::1', 'c:[::2]', 'd:host-gateway']",
    "",
    { extraHosts: { a: "1.1.1.1", b: "::1", c: "::2", d: "host-gateway" } },
  ],
  ["extra_hosts: { a: 1.1.1.1 }", "", { extraHosts: { a: "1.1.1.1" } }],
  [
    "extra_hosts: ['a:1.1.1.1', 'a:::1', 'a:host-gateway']",
    "",
    { extraHosts: { a: "1.1.1.1, ::1, host-gateway" } },
  ],
  [
    "volumes: [{ type: bind, source: /a, target: /b, bind: { create_host_path: true, recursive: readonly } }]",
    "",
    {
      mounts: {
        "/b": { type: "bind", source: "/a", bind: { create: true, readOnlyForceRecursive: true } },
      },
    },
  ],
  [
    "volumes: [{ type: bind, source: /a, target: /b, bind: { create_host_path: false, recursive: enabled } }]",
    "",
    { mounts: { "/b": { type: "bind", source: "/a" } } },
  ],
  ["restart: ''\ndeploy: { mode: '', resources: { limits: { cpus: '' } } }", "", {}],
  [
    "dns: 8.8.8.8\ndns_search: [a.example, b.example]\ndns_opt: [ndots:2]",
    "",
    { dns: { nameservers: ["8.8.8.8"], search: ["a.example", "b.example"], options: ["ndots:2"] } },
  ],
  [
    "sysctls: [net.core.somaxconn=1]\ncap_add: [NET_ADMIN]\ncap_drop: [ALL]",
    "",
    { sysctls: { "net.core.somaxconn": "1" }, capAdd: ["NET_ADMIN"], capDrop: ["ALL"] },
  ],
  [
    "healthcheck: { test: curl -f x, interval: 10s, timeout: 1s, retries: 5, start_period: 15s, start_interval: 1s }",
    "",
    {
      healthcheck: {
        test: ["CMD-SHELL", "curl -f x"],
        interval: "10s",
        timeout: "1s",
        retries: 5,
        startPeriod: "15s",
        startInterval: "1s",
      },
    },
  ],
  ["healthcheck: { test: [CMD, a] }", "", { healthcheck: { test: ["CMD", "a"] } }],
  ["healthcheck: { disable: true }", "", { healthcheck: { test: ["NONE"] } }],
  [
    "logging: { driver: gelf, options: { a: 1 } }",
    "",
    { logging: { driver: "gelf", options: { a: "1" } } },
  ],
  ["logging: { options: { a: b } }", "", { logging: { options: { a: "b" } } }],
  ["restart: always", "", { restart: { condition: "any" } }],
  ["restart: unless-stopped", "", { restart: { condition: "any" } }],
  ["restart: on-failure:3", "", { restart: { condition: "on-failure", maxAttempts: 3 } }],
  ["restart: no", "", { restart: { condition: "none" } }],
  [
    "restart: always\ndeploy: { restart_policy: { condition: on-failure, delay: 5s, max_attempts: 3, window: 120s } }",
    "",
    { restart: { condition: "on-failure", delay: "5s", maxAttempts: 3, window: "120s" } },
  ],
  ["deploy: { mode: global, endpoint_mode: dnsrr }", "", { mode: "global", endpointMode: "dnsrr" }],
  ["deploy: { mode: replicated-job, replicas: '4' }", "", { mode: "replicated-job", replicas: 4 }],
  ["scale: 3", "", { replicas: 3 }],
  [
    "deploy: { update_config: { parallelism: 0, delay: 1m30s, failure_action: rollback, monitor: 20s, max_failure_ratio: .5, order: start-first } }",
    "",
    {
      update: {
        parallelism: 0,
        delay: "1m30s",
        failureAction: "rollback",
        monitor: "20s",
        maxFailureRatio: 0.5,
        order: "start-first",
      },
    },
  ],
  [
    "deploy: { rollback_config: { failure_action: continue } }",
    "",
    { rollback: { failureAction: "continue" } },
  ],
  [
    "deploy: { resources: { limits: { cpus: '0.8', memory: 10G, pids: 100 }, reservations: { cpus: 0.5, memory: 5G, generic_resources: [{ discrete_resource_spec: { kind: gpu, value: 2 } }] } } }",
    "",
    {
      resources: {
        limits: { cpus: 0.8, memory: "10G", pids: 100 },
        reservations: { cpus: 0.5, memory: "5G", generic: { gpu: 2 } },
      },
    },
  ],
  ["deploy: { resources: { limits: { cpus: '0' } } }", "", {}],
  [
    "deploy: { resources: { reservations: { devices: [{ capabilities: [gpu], driver: nvidia, count: 2 }] } } }",
    "",
    { gpus: 2 },
  ],
  ["gpus: 1", "", { gpus: 1 }],
  [
    "cpus: 0.5\nmem_limit: 1g\nmem_reservation: 512m\npids_limit: 5",
    "",
    {
      resources: { limits: { cpus: 0.5, memory: "1g", pids: 5 }, reservations: { memory: "512m" } },
    },
  ],
  [
    "deploy: { placement: { constraints: ['node.role == worker'], preferences: [{ spread: node.labels.zone }], max_replicas_per_node: 2 } }",
    "",
    {
      placement: {
        constraints: ["node.role == worker"],
        spread: ["node.labels.zone"],
        maxReplicasPerNode: 2,
      },
    },
  ],
  ["platform: linux/arm64/v8", "", { placement: { platforms: ["linux/arm64"] } }],
  [
    "hostname: '{{.Node.Hostname}}'\nuser: 1000:1000\ngroup_add: [audio]\nworking_dir: /app",
    "",
    { hostname: "{{.Node.Hostname}}", user: "1000:1000", groups: ["audio"], workingDir: "/app" },
  ],
  [
    "tty: true\nstdin_open: 'true'\nread_only: true\ninit: false\nstop_signal: SIGINT\nstop_grace_period: 1m30s",
    "",
    {
      tty: true,
      openStdin: true,
      readOnly: true,
      init: false,
      stopSignal: "SIGINT",
      stopGracePeriod: "1m30s",
    },
  ],
  [
    "oom_score_adj: -500\nsecurity_opt: ['no-new-privileges:true', 'seccomp:unconfined', apparmor=unconfined, 'label:type:x', label=level:s0:c1]",
    "",
    {
      oomScoreAdj: -500,
      privileges: {
        noNewPrivileges: true,
        seccomp: { mode: "unconfined" },
        appArmor: { mode: "disabled" },
        selinuxContext: { type: "x", level: "s0:c1" },
      },
    },
  ],
  [
    "credential_spec: { file: spec.json }",
    "",
    { privileges: { credentialSpec: { file: "spec.json" } } },
  ],
  [
    "expose: [80]\nattach: false\ndevelop: { watch: [] }\npull_policy: always\nx-own: { any: thing }\nprofiles: []",
    "",
    {},
  ],
  ["x-route: a.example.org", "", { route: { host: "a.example.org" } }],
  [
    "x-route: a.example.org\nexpose: ['8000']",
    "",
    { route: { host: "a.example.org", port: 8000 } },
  ],
  [
    "x-route: { host: a.example.org, path: /api, port: 80, tls: true, resolver: main, entryPoint: inner, name: api }\nexpose: [8000/tcp]",
    "",
    {
      route: {
        host: "a.example.org",
        path: "/api",
        port: 80,
        entryPoint: "inner",
        tls: true,
        resolver: "main",
        name: "api",
      },
    },
  ],
  ["privileged: false\ncgroup: private\nnetwork_mode: bridge\nlinks: []\nextra_hosts:\n", "", {}],
];

test.each(forms)("%s", (yaml, beside, made) => {
  expect(serviceOf(yaml, beside)).toEqual(made);
});

describe("depends_on", () => {
  const beside = "  db: { image: d }\n  job: { image: j }\n";

  test.each([
    ["depends_on: [db, job]", { db: "started", job: "started" }],
    [
      "depends_on: { db: { condition: service_healthy }, job: { condition: service_completed_successfully, required: false } }",
      { db: "healthy", job: "completed" },
    ],
  ])("%s", (yaml, made) => {
    expect(serviceOf(yaml, beside).dependsOn).toEqual(made);
  });

  test("what has to complete is a job, unless it has a mode of its own", () => {
    const done = "{ condition: service_completed_successfully }";
    const { services } = specOf(`services:
  web: { image: a, depends_on: { one: ${done}, two: ${done} } }
  one: { image: b, restart: on-failure, deploy: { update_config: { parallelism: 2 } } }
  two: { image: c, deploy: { mode: global-job } }
`);
    expect(services.one).toMatchObject({
      mode: "replicated-job",
      restart: { condition: "on-failure" },
    });
    expect(services.one).not.toHaveProperty("update");
    expect(services.two?.mode).toBe("global-job");
  });

  test("a service that does not exist is named and waited for by nobody", () => {
    const text = "services:\n  web: { image: a, depends_on: [gone] }\n";
    const { spec, warnings, problems } = read(text);
    expect({ problems, spec }).toMatchObject({
      problems: [],
      spec: { services: { web: { image: "a:latest" } } },
    });
    expect(warnings.map(({ found }) => found)).toEqual([
      '"gone", which is not a service of these files; nothing waits for it, as with `docker stack deploy`',
    ]);
    expect(read(text.replace("[gone]", "{ gone: { required: false } }")).warnings).toEqual([]);
  });
});
