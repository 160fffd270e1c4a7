import { describe, expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, type Change, readChanged } from "./yard";

const place = "platforms/app: services.web";
const web = (service: PlainMap, more: PlainMap = {}): Change => ({
  spec: { services: { web: service }, ...more },
});
/** What is warned of; nothing here is a problem. */
function warnings(change: Change): readonly (readonly string[])[] {
  const { problems, warnings: found } = readChanged(change);
  expect(problems.map(brief)).toEqual([]);
  return found.map(brief);
}

const data = "/var/lib/postgresql/data";
const database = (service: PlainMap, volume: PlainMap = { shared: true, seed: null }): Change =>
  web(
    {
      image: `registry.example.org:5000/team/postgres:16@sha256:${"a".repeat(64)}`,
      mounts: { [data]: { type: "volume", source: "pg" } },
      ...service,
    },
    { volumes: { pg: volume } },
  );
const onDb = { placement: { constraints: ["node.labels.db == true"] } };

describe("data of a program that must be alone with it", () => {
  test("is warned of with start-first, where two would run in an update", () => {
    expect(warnings(database({ update: { order: "start-first" } }))).toEqual([
      [
        `${place}.update.order`,
        `start-first for postgres: in an update, two of them use ${data} at once, which it refuses or which spoils its data`,
        "stop-first for what keeps data",
        "`update: { order: stop-first }`",
      ],
    ]);
    expect(warnings(database({ update: { order: "stop-first" } }))).toEqual([]);
    expect(warnings(web({ image: "postgres:16", update: { order: "start-first" } }))).toEqual([]);
    expect(warnings(database({ image: "nginx:1", update: { order: "start-first" } }))).toEqual([]);
  });

  test("is warned of with several replicas on it", () => {
    expect(warnings(database({ replicas: 3 }))).toEqual([
      [
        `${place}.replicas`,
        "3 replicas of postgres with one app_pg: tasks on a node write the same data at once",
        "one replica, or data of its own for each task",
        "`replicas: 1`, or `maxReplicasPerNode: 1` with a volume of the nodes",
      ],
    ]);
    const apart = { replicas: 3, placement: { maxReplicasPerNode: 1 } };
    expect(warnings(database(apart)).length).toBe(1);
    expect(warnings(database(apart, {})).map(([path]) => path)).toEqual([
      `${place}.mounts["${data}"].source`,
    ]);
    const own = { [data]: { type: "bind", source: "/srv/{{.Task.Slot}}" } };
    expect(warnings(web({ image: "postgres:16", replicas: 3, mounts: own }))).toEqual([]);
  });

  test("is warned of on a volume of one node, while a task may start on others", () => {
    expect(warnings(database({}, {}))).toEqual([
      [
        `${place}.mounts["${data}"].source`,
        "app_pg, the data of postgres, on a volume of one node, while a task may start on any of 4: on another one it finds no data",
        "one node for the service, or a volume that all of them see",
        "a constraint such as `node.labels.db == true` that one node meets, or `shared: true` for the volume",
      ],
    ]);
    expect(warnings(database(onDb, {}))).toEqual([]);
    const nfs = { driverOptions: { type: "nfs", o: "addr=10.0.0.9", device: ":/pg" } };
    expect(warnings(database({}, nfs))).toEqual([]);
  });
});

describe("limits of restarts", () => {
  test("that end a service for good are warned of", () => {
    expect(warnings(web({ restart: { condition: "on-failure", maxAttempts: 3 } }))).toEqual([
      [
        `${place}.restart.maxAttempts`,
        "maxAttempts 3 without `window`: after 3 restarts in all, however long apart, swarm never starts the task again",
        "a limit with a `window`",
        "`window: 10m`, so that old restarts no longer count",
      ],
    ]);
    expect(warnings(web({ restart: { maxAttempts: 3, window: "120s" } }))).toEqual([]);
    expect(warnings(web({ restart: { condition: "none", maxAttempts: 3 } }))).toEqual([]);
    const job = { mode: "replicated-job", ports: null, restart: { maxAttempts: 3 } };
    expect(warnings(web(job, { open: null }))).toEqual([]);
  });

  test("that are never reached are warned of, to the second", () => {
    const limit = (window: string) => web({ restart: { maxAttempts: 3, delay: "10s", window } });
    expect(warnings(limit("20s"))).toEqual([
      [
        `${place}.restart.window`,
        "20s, in which 3 restarts never fit, 10s apart: the limit is never reached",
        "more than 2 times the `delay` of 10s",
        "a longer `window`",
      ],
    ]);
    expect(warnings(limit("21s"))).toEqual([]);
  });
});

describe("files of secrets", () => {
  const secrets = { db_password: { source: "password" } };

  test("that a program is to read and that the service does not have are warned of", () => {
    const env = { POSTGRES_PASSWORD_FILE: "/run/secrets/db_pasword" };
    expect(warnings(web({ env, secrets }))).toEqual([
      [
        `${place}.env.POSTGRES_PASSWORD_FILE`,
        "/run/secrets/db_pasword, where the service has no secret",
        "/run/secrets/db_password",
        "did you mean `db_password`?",
      ],
    ]);
    expect(warnings(web({ command: ["app", "--key=/run/secrets/key"] }))).toEqual([
      [
        `${place}.command[1]`,
        "/run/secrets/key, where the service has no secret",
        "no secret: the service has none",
        "`secrets: { key: { source: <secret> } }`",
      ],
    ]);
  });

  test("that the service has, at whatever path, are not", () => {
    const env = { A: "/run/secrets/db_password", B: "file:///run/secrets", C: null };
    expect(warnings(web({ env, secrets }))).toEqual([]);
    const deep = { "/run/secrets/a/b.pem": { source: "password" } };
    expect(warnings(web({ env: { A: "/run/secrets/a/b.pem" }, secrets: deep }))).toEqual([]);
    const mounts = { "/run/secrets": { type: "bind", source: "/srv/secrets" } };
    expect(warnings(web({ env: { A: "/run/secrets/x" }, mounts }))).toEqual([]);
  });

  test("that the user of the service cannot open are warned of", () => {
    const read = (file: PlainMap, user = "1000:1000") =>
      web({ user, secrets: { key: { source: "password", ...file } } });
    expect(warnings(read({ mode: "0400" }))).toEqual([
      [
        `${place}.secrets.key.mode`,
        "mode 0400 and owner 0: user 1000 cannot read it",
        "a file that the service's `user` may read",
        '`uid: "1000"`',
      ],
    ]);
    expect(warnings(read({ mode: "0400", uid: "1000" }))).toEqual([]);
    expect(warnings(read({ mode: "0440", gid: "1000" }))).toEqual([]);
    expect(warnings(read({ mode: "0440" })).length).toBe(1);
    expect(warnings(read({ mode: "0440" }, "1000"))).toEqual([]);
    expect(warnings(read({ mode: "0444" }))).toEqual([]);
    expect(warnings(read({ mode: "0400" }, "app"))).toEqual([]);
    expect(warnings(read({ mode: "0400" }, "0:0"))).toEqual([]);
  });
});

describe("names", () => {
  test("that the container itself is to look up are warned of", () => {
    expect(warnings(web({ dns: { nameservers: ["127.0.0.1"] } }))).toEqual([
      [
        `${place}.dns.nameservers`,
        "127.0.0.1, which is the container itself",
        "a name server that containers reach",
        "its address in the network of the nodes, or remove `dns`",
      ],
    ]);
    expect(warnings(web({ dns: { nameservers: ["127.0.0.1", "1.1.1.1"] } }))).toEqual([]);
  });

  test("of services that lead elsewhere are warned of", () => {
    expect(warnings(web({ extraHosts: { redis: "10.0.0.1" } }))).toEqual([
      [
        `${place}.extraHosts.redis`,
        "redis, the key of a service of the platform: it leads to the address here, not to the service",
        "names that no service has",
        "remove it, or another name",
      ],
    ]);
    expect(warnings(web({ extraHosts: { printer: "10.0.0.1" } }))).toEqual([]);
  });

  test("that nobody can look up are warned of", () => {
    const aliased = (...aliases: string[]) => web({ networks: { default: { aliases } } });
    expect(warnings(aliased("my web"))).toEqual([
      [
        `${place}.networks.default.aliases`,
        '"my web", a name that no program can look up',
        "letters, digits, `-`, `_` and dots, at most 63 between dots",
        "another alias",
      ],
    ]);
    expect(warnings(aliased("a".repeat(64))).length).toBe(1);
    expect(warnings(aliased("a".repeat(63), "shop.example.org", "My_Web", "x."))).toEqual([]);
  });
});

describe("labels for Traefik", () => {
  const rule = { "traefik.http.routers.web.rule": "Host(`shop.example.org`)" };
  const port = { "traefik.http.services.web.loadbalancer.server.port": "80" };

  test("on containers are warned of, since it reads those of services", () => {
    expect(warnings(web({ containerLabels: { ...rule, ...port } }))).toEqual([
      [
        `${place}.containerLabels["traefik.http.routers.web.rule"]`,
        "labels for Traefik on the containers: in a swarm it reads those of the service",
        "labels of the service",
        "the same `labels` of the service (in a compose file `deploy.labels`), or `route`",
      ],
    ]);
    const proxy = { image: "traefik:v3.7", command: ["--providers.docker=true"] };
    const own = web({ containerLabels: { ...rule, ...port } });
    const services = { ...(own.spec?.services as PlainMap), proxy };
    expect(warnings({ spec: { services } })).toEqual([]);
  });

  test("without a port are warned of", () => {
    expect(warnings(web({ labels: rule }))).toEqual([
      [
        `${place}.labels["traefik.http.routers.web.rule"]`,
        "a router of Traefik without a port: in a swarm it does not find out the port itself",
        "a label with the port that the program listens on",
        '`traefik.http.services.web.loadbalancer.server.port: "8000"`, or `route`',
      ],
    ]);
    expect(warnings(web({ labels: { ...rule, ...port } }))).toEqual([]);
    expect(warnings(web({ labels: { ...rule, "traefik.enable": "false" } }))).toEqual([]);
    const other = { "traefik.http.routers.web.service": "api@internal" };
    expect(warnings(web({ labels: { ...rule, ...other } }))).toEqual([]);
  });

  test("with a network that the service does not join are warned of", () => {
    const on = (network: string) =>
      web({ labels: { ...rule, ...port, "traefik.swarm.network": network } });
    expect(warnings(on("default"))).toEqual([
      [
        `${place}.labels["traefik.swarm.network"]`,
        "default, a network that the service does not join by this real name: Traefik takes another one, or none",
        "app_default",
        "`traefik.swarm.network: app_default`",
      ],
    ]);
    expect(warnings(on("app_default"))).toEqual([]);
  });
});

describe("words of programs", () => {
  test.each([
    [
      { entrypoint: ["/bin/sh -c"], command: ["date"] },
      "entrypoint",
      '"/bin/sh -c" as the name of a program, with spaces in it',
      '`["/bin/sh","-c"]`',
    ],
    [
      { healthcheck: { test: ["CMD", "curl -f http://localhost"] } },
      "healthcheck.test",
      '"curl -f http://localhost" as the name of a program, with spaces in it',
      '`["CMD","curl","-f","http://localhost"]`',
    ],
    [
      { healthcheck: { test: ["CMD-SHELL", "curl", "-f", "http://localhost"] } },
      "healthcheck.test",
      '3 words after CMD-SHELL, of which the shell runs "curl" alone',
      '`["CMD-SHELL","curl -f http://localhost"]`',
    ],
    [
      { command: ["sh", "-c", "./run.sh", "--port", "80"] },
      "command",
      '"--port 80" after -c, which the shell does not pass on: it runs "./run.sh" alone',
      '`["sh","-c","./run.sh --port 80"]`',
    ],
    [
      { command: ["redis-server", "--requirepass", "$PASSWORD"], env: { PASSWORD: "x" } },
      "command[2]",
      "$PASSWORD, which only a shell fills in: the program gets it as it is",
      '`["sh", "-c", "exec …"]` with the program and its words as one text',
    ],
  ])("are warned of: %j", (service, key, text, fix) => {
    expect(warnings(web(service)).map(([path, found, , what]) => [path, found, what])).toEqual([
      [`${place}.${key}`, text, fix],
    ]);
  });

  test.each([
    [{ command: ["SELECT 1; SELECT 2"] }],
    [{ entrypoint: ["/bin/sh", "-c"], command: ["echo hello"] }],
    [{ command: ["sh", "-c", 'exec "$@"', "--", "a"] }],
    [{ command: ["sh", "-c", "echo $A"], env: { A: "x" } }],
    [{ command: ["--rule=Host(`$HOST`)"], env: { OTHER: "x" } }],
    [{ healthcheck: { test: ["CMD-SHELL", "curl -f http://localhost || exit 1"] } }],
    [{ healthcheck: { test: ["CMD", "curl", "-f", "http://localhost"] } }],
  ])("are taken: %j", (service) => {
    expect(warnings(web(service))).toEqual([]);
  });
});

describe("log drivers", () => {
  const logs = (driver: string, options: PlainMap, daemon?: PlainMap): Change => ({
    ...web({ logging: { driver, options } }),
    ...(daemon === undefined ? {} : { values: { hosts: { groups: { db: { daemon } } } } }),
  });

  test("without an option that they need are warned of, unless the engines have it", () => {
    expect(warnings(logs("awslogs", { tag: "web" }))).toEqual([
      [
        `${place}.logging.options`,
        "awslogs without `awslogs-group`, without which no task starts",
        "`awslogs-group`, here or in `log-opts` of the groups' `daemon`",
        "`awslogs-group: my-group`",
      ],
    ]);
    const own = { "log-driver": "awslogs", "log-opts": { "awslogs-group": "a" } };
    expect(warnings(logs("awslogs", { tag: "web" }, own))).toEqual([]);
    expect(warnings(logs("json-file", { "max-buffer-size": "4m" }))).toEqual([
      [
        `${place}.logging.options.max-buffer-size`,
        "4m without `mode: non-blocking`, with which no task starts",
        "only with that mode",
        "`mode: non-blocking` beside it",
      ],
    ]);
  });
});
