import { describe, expect, test } from "vitest";
import { brief, type Files, problemsOf, read, specOf } from "./read";

describe("several files", () => {
  const two = { files: ["a.yaml", "b.yaml"] };
  const merged = (a: string, b: string, beside = "") =>
    specOf(
      {
        "a.yaml": `services: { web: { image: nginx:1, ${a} } }\n${beside}`,
        "b.yaml": `services: { web: { ${b} } }\n`,
      },
      two,
    ).services.web;

  test.each([
    ["environment: [A=1, B=1]", "environment: { B: 2, C: 3 }", { env: { A: "1", B: "2", C: "3" } }],
    ["environment: { A: 1 }", "environment: { A: }", { env: { A: "1" } }],
    ["labels: { a: 1 }", "labels: [b=2]", { containerLabels: { a: "1", b: "2" } }],
    ["command: [a, b]", "command: c", { command: ["c"] }],
    ["command: [a, b]", "command: []", { command: ["a", "b"] }],
    ["dns: 1.1.1.1", "dns: [1.1.1.1, 2.2.2.2]", { dns: { nameservers: ["1.1.1.1", "2.2.2.2"] } }],
    ["cap_add: [A, B]", "cap_add: [B, C]", { capAdd: ["A", "B", "C"] }],
    [
      "ports: ['80:80', '443:443']",
      "ports: ['80:8080', 81]",
      { ports: [{ target: 443, published: 443 }, { target: 8080, published: 80 }, { target: 81 }] },
    ],
    [
      "ports: ['53:53']",
      "ports: ['53:53/udp']",
      {
        ports: [
          { target: 53, published: 53 },
          { target: 53, published: 53, protocol: "udp" },
        ],
      },
    ],
    [
      "volumes: ['/x:/a', '/x:/b']",
      "volumes: ['/y:/b:ro']",
      {
        mounts: {
          "/a": { type: "bind", source: "/x" },
          "/b": { type: "bind", source: "/y", readOnly: true },
        },
      },
    ],
    [
      "healthcheck: { test: [CMD, a], interval: 5s }",
      "healthcheck: { test: b, retries: 2 }",
      { healthcheck: { test: ["CMD-SHELL", "b"], interval: "5s", retries: 2 } },
    ],
    [
      "deploy: { replicas: 2, placement: { constraints: [node.role == worker] } }",
      "deploy: { replicas: 0, placement: { constraints: [node.role == worker, node.labels.a == b] } }",
      { replicas: 0, placement: { constraints: ["node.role == worker", "node.labels.a == b"] } },
    ],
    ["read_only: true", "read_only: false", { readOnly: false }],
    ["user: '1'", "user: ", { user: "1" }],
    [
      "networks: [a]",
      "networks: { b: { aliases: [x] } }",
      { networks: { a: {}, b: { aliases: ["x"] } } },
      "networks: { a: , b: }",
    ],
    [
      "secrets: [{ source: s, target: t1 }]",
      "secrets: [{ source: s, target: t2 }]",
      { secrets: { t2: { source: "s" } } },
      "secrets: { s: { external: true } }",
    ],
    [
      "networks: { a: { aliases: [x, y], driver_opts: { o: 1 } } }",
      "networks: { a: { aliases: [z] } }",
      { networks: { a: { aliases: ["z"], driverOptions: { o: "1" } } } },
      "networks: { a: }",
    ],
    [
      "networks: { a: { aliases: [x] }, b: { aliases: [y], driver_opts: { o: 1 } } }",
      "networks: { a: , b: {} }",
      { networks: { a: { aliases: ["x"] }, b: { driverOptions: { o: "1" } } } },
      "networks: { a: , b: }",
    ],
    [
      "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: GPU, value: 1 } }, { discrete_resource_spec: { kind: SSD, value: 1 } }] } } }",
      "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: GPU, value: 2 } }] } } }",
      { resources: { reservations: { generic: { GPU: 2, SSD: 1 } } } },
    ],
    [
      "logging: { driver: json-file, options: { max-size: 1m } }",
      "logging: { driver: syslog, options: { tag: t } }",
      { logging: { driver: "syslog", options: { tag: "t" } } },
    ],
    [
      "logging: { driver: json-file, options: { max-size: 1m, tag: a } }",
      "logging: { options: { tag: t } }",
      { logging: { driver: "json-file", options: { "max-size": "1m", tag: "t" } } },
    ],
    [
      "dns_search: [a.org, b.org]",
      "dns_search: [c.org, a.org]",
      { dns: { search: ["a.org", "b.org", "c.org"] } },
    ],
    ["ports: ['80:80']", "ports: !override ['81:80']", { ports: [{ target: 80, published: 81 }] }],
    ["ports: ['80:80'], user: '1'", "ports: !reset [], user: !reset null", {}],
    ["environment: { A: 1, B: 2 }", "environment: { A: !reset null }", { env: { B: "2" } }],
    ["environment: { A: 1 }", "environment: !override { B: 2 }", { env: { B: "2" } }],
    ["command: a", "command: !reset ''", {}],
    ["labels: { a: 1 }", "labels: { a: }", { containerLabels: { a: "" } }],
    [
      "sysctls: { net.core.somaxconn: 5 }, logging: { driver: gelf, options: { tag: t } }",
      "sysctls: { net.core.somaxconn: }, logging: { options: { tag: } }",
      {
        sysctls: { "net.core.somaxconn": "" },
        logging: { driver: "gelf", options: { tag: "" } },
      },
    ],
    [
      "networks: { a: { aliases: [x] } }",
      "networks: [b, a]",
      { networks: { a: { aliases: ["x"] }, b: {} } },
      "networks: { a: , b: }",
    ],
    [
      "volumes: ['/x:/a', '/x:/']",
      "volumes: ['/y:/a/']",
      {
        mounts: { "/": { type: "bind", source: "/x" }, "/a/": { type: "bind", source: "/y" } },
      },
    ],
    [
      "cap_drop: [NET_RAW]",
      "cap_add: [CAP_NET_RAW, SYS_TIME]",
      { capAdd: ["CAP_NET_RAW", "SYS_TIME"] },
    ],
  ])("%s, then %s", (a, b, made, beside = "") => {
    const { image: _, labels: __, ...rest } = merged(a, b, beside) ?? { image: "" };
    expect(rest).toEqual(made);
  });

  test("a label of a service without a value is empty text, over an earlier value too", () => {
    const { labels } = merged("deploy: { labels: [b=1] }", "deploy: { labels: { b: } }") ?? {};
    expect(labels).toEqual({ b: "", "com.docker.stack.image": "nginx:1" });
  });

  test("services and whole sections come from both, and a service can be taken away", () => {
    const files = {
      "a.yaml":
        "services: { web: { image: a }, old: { image: o } }\nvolumes: { d: { driver: x, labels: { a: 1 } } }",
      "b.yaml":
        "services: { new: { image: n }, old: !reset null }\nvolumes: { d: { labels: { b: 2 } }, e: }",
    };
    const { services, volumes } = specOf(files, two);
    expect(Object.keys(services)).toEqual(["web", "new"]);
    expect(volumes).toEqual({ d: { driver: "", labels: { b: "2" } }, e: { driver: "" } });
  });

  test("what is lost with a replaced entry is a warning", () => {
    const files = {
      "a.yaml":
        "services: { web: { image: a, networks: [n] } }\nnetworks:\n  n: { external: true, name: x, labels: }\n  m: { internal: true }\n",
      "b.yaml": "networks:\n  n: { labels: [a=b] }\n  m: { internal: false, name: y }\n",
    };
    const { spec, warnings } = read(files, two);
    expect(spec).toMatchObject({ networks: { n: { labels: { a: "b" } } } });
    expect(warnings.map(brief)).toEqual([
      "b.yaml:2:6 networks.n: an entry that replaces the one of a.yaml:3, without its `external`, `name`, as with `docker stack deploy` → `external`, `name` here too, or remove the entry from this file",
    ]);
  });

  test("aliases that are lost with a later file's network are a warning", () => {
    const files = {
      "a.yaml":
        "services: { web: { image: a, networks: { n: { aliases: [x, y] } } } }\nnetworks: { n: }\n",
      "b.yaml": "services: { web: { networks: { n: {} } } }\n",
    };
    expect(read(files, two).warnings.map(brief)).toEqual([
      "b.yaml:1:35 services.web.networks.n: a network without the aliases `x`, `y` of a.yaml:1, as with `docker stack deploy` → `n:` without a value keeps them",
    ]);
  });

  test("paths start at the folder of the first file", () => {
    const files = {
      "deploy/a.yaml": "services: { web: { image: a } }\nconfigs: { c: { file: ./c.conf } }",
      "b.yaml":
        "services: { web: { volumes: ['./x:/x', '../y/:/y'], env_file: e.env, configs: [c] } }",
      "deploy/c.conf": "c",
      "deploy/e.env": "A=1",
    };
    const { configs, services } = specOf(files, { files: ["deploy/a.yaml", "b.yaml"] });
    expect(configs).toEqual({ c: { file: "deploy/c.conf" } });
    expect(services.web).toMatchObject({
      env: { A: "1" },
      mounts: { "/x": { source: "/shop/deploy/x" }, "/y": { source: "/shop/y" } },
    });
  });
});

describe("extends", () => {
  test("counts in each file before a later file is laid over it, or else after", () => {
    const files = {
      "a.yaml":
        "services: { one: { image: a, environment: { A: 1 } }, web: { extends: one, user: '1' } }",
      "b.yaml":
        "services: { two: { image: b, environment: { B: 2 } }, web: { extends: two }, late: { extends: one } }",
    };
    const { services } = specOf(files, { files: ["a.yaml", "b.yaml"] });
    expect(services.web).toMatchObject({ image: "b:latest", env: { A: "1", B: "2" }, user: "1" });
    expect(services.late).toMatchObject({ image: "a:latest", env: { A: "1" } });
  });

  const service = (files: Files | string, name = "web") => specOf(files).services[name];

  test("in the same file, over several steps", () => {
    const text =
      "services:\n  base: { image: a, environment: { A: 1, B: 1 }, command: [x] }\n  mid: { extends: base, environment: { B: 2 } }\n  web: { extends: { service: mid }, environment: { C: 3 }, command: [y] }\n";
    expect(service(text)).toMatchObject({
      image: "a:latest",
      env: { A: "1", B: "2", C: "3" },
      command: ["y"],
    });
  });

  test("in another file, whose paths start at its own folder", () => {
    const files = {
      "compose.yaml":
        "services: { web: { extends: { file: common/base.yaml, service: app }, environment: { B: 2 } } }",
      "common/base.yaml": "services: { app: { image: a, env_file: [a.env], volumes: ['./d:/d'] } }",
      "common/a.env": "A=1",
    };
    expect(service(files)).toMatchObject({
      env: { A: "1", B: "2" },
      mounts: { "/d": { source: "/shop/common/d" } },
    });
  });

  test.each([
    [
      "services: { web: { image: a, extends: bsae }, base: { image: b } }",
      "compose.yaml:1:39 services.web.extends: the service bsae, which does not exist there → did you mean `base`?",
    ],
    [
      "services: { a: { image: x, extends: b }, b: { image: x, extends: a } }",
      "compose.yaml:1:37 services.a.extends: the service b, which extends itself, or over 100 others in turn → another service, or remove `extends`",
    ],
    [
      "services: { web: { image: a, extends: { file: no.yaml, service: x } } }",
      "compose.yaml:1:39 compose.yaml: no.yaml, which cannot be read → make /shop/no.yaml, or name another file",
    ],
  ])("%s", (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });
});

describe("include", () => {
  const main = (include: string) => `include: ${include}\nservices: { web: { image: a } }\n`;
  const db = "services: { db: { image: 'postgres:${V:-1}', volumes: ['./d:/d'] } }\n";

  test.each([
    ["[db/compose.yaml]", "1", "/shop/db/d"],
    ["db/compose.yaml", "1", "/shop/db/d"],
    ["[{ path: db/compose.yaml, env_file: db/v.env, project_directory: . }]", "17", "/shop/d"],
    ["[{ path: [db/compose.yaml, db/more.yaml] }]", "more", "/shop/db/d"],
  ])("%s", (include, tag, source) => {
    const files = {
      "compose.yaml": main(include),
      "db/compose.yaml": db,
      "db/more.yaml": "services: { db: { image: 'postgres:more' } }",
      "db/v.env": "V=17",
    };
    const { services } = specOf(files);
    expect(Object.keys(services)).toEqual(["web", "db"]);
    expect(services.db).toMatchObject({ image: `postgres:${tag}`, mounts: { "/d": { source } } });
  });

  test("a name in both files, a circle and a missing file are refused", () => {
    const files = {
      "compose.yaml": main("[b.yaml, gone.yaml]"),
      "b.yaml": "include: [compose.yaml]\nservices: { web: { image: b } }",
    };
    expect(problemsOf(files)).toEqual([
      "b.yaml:1:11 b.yaml: compose.yaml, which includes itself: compose.yaml → b.yaml → compose.yaml → remove one of these `include` or `extends`",
      "compose.yaml:1:19 compose.yaml: gone.yaml, which cannot be read → make /shop/gone.yaml, or name another file",
      "b.yaml:2:13 services.web: `web`, which compose.yaml:2 has too → another name, or a later file of `files` instead of `include`",
    ]);
  });
});

test("services of other profiles are left out", () => {
  const text =
    "services: { web: { image: a, depends_on: { t: { required: false } } }, t: { image: b, profiles: [test] }, d: { image: c, profiles: [debug] } }";
  const keys = (profiles?: string[]) => Object.keys(specOf(text, { profiles }).services);
  expect([keys(), keys(["test"]), keys(["*"])]).toEqual([["web"], ["web", "t"], ["web", "t", "d"]]);
});

describe("variables", () => {
  const text = "services: { web: { image: 'a:${T}', environment: { T: } } }";

  test("come from the request, then from the env files in their order", () => {
    const files = { "compose.yaml": text, ".env": "T=1\nU=2", "b.env": "T=${U}3" };
    const image = (options: object) => specOf(files, options).services.web?.image;
    expect(image({ envFiles: [".env"] })).toBe("a:1");
    expect(image({ envFiles: [".env", "b.env"] })).toBe("a:23");
    expect(image({ envFiles: [".env"], variables: { T: "9" } })).toBe("a:9");
    expect(specOf(files, { envFiles: [".env"] }).services.web?.env).toEqual({ T: "1" });
  });

  test("one that is not set is named once and is empty", () => {
    const { warnings } = read("services: { web: { image: a, command: [$X, $X], user: $Y } }");
    expect(warnings.map(({ line, found }) => `${line} ${found}`)).toEqual([
      "compose.yaml:1:40 the variable X, which is not set",
      "compose.yaml:1:55 the variable Y, which is not set",
    ]);
  });

  test("in keys are filled in on request only", () => {
    const keyed =
      "services: { '${N}_web': { image: a, volumes: ['x_${N}:/d'] } }\nvolumes: { 'x_${N}': { external: true } }";
    const { services, volumes } = specOf(keyed, {
      variables: { N: "blue" },
      variablesInKeys: true,
    });
    expect([Object.keys(services), volumes]).toEqual([
      ["blue_web"],
      { x_blue: { external: true, name: "x_blue" } },
    ]);
    expect(problemsOf(keyed, { variables: { N: "blue" } })).toContain(
      'compose.yaml:1:13 services["${N}_web"]: the key `${N}_web` with a variable; Docker fills variables in values only → `variablesInKeys: true`',
    );
  });

  test("labels and variables with a dollar sign in their names are left alone", () => {
    expect(problemsOf("services: { web: { image: a, labels: { 'a${B}': c } } }")).toEqual([]);
  });

  test("a missing env file of the request is reported", () => {
    expect(problemsOf(text, { envFiles: ["no.env"] })[0]).toBe(
      "no.env:1:1 no.env: no.env, which cannot be read → make /shop/no.env",
    );
  });
});

describe("env files of a service", () => {
  const env = (yaml: string, file: string) =>
    read({ "compose.yaml": `services: { web: { image: a, env_file: ${yaml} } }`, "a.env": file });

  test.each([
    ["a.env", 'A="1"\nB', { A: '"1"' }],
    ["[a.env]", "A=1", { A: "1" }],
    ["[{ path: a.env, required: true }]", 'A="1" # one', { A: "1" }],
    ["[{ path: a.env, format: raw }]", 'A="1"', { A: '"1"' }],
    ["[{ path: gone.env, required: false }]", "", undefined],
  ])("%s", (yaml, file, made) => {
    const { spec, problems } = env(yaml, file);
    expect(problems).toEqual([]);
    expect(spec).toEqual(
      expect.objectContaining({
        services: { web: expect.objectContaining(made === undefined ? {} : { env: made }) },
      }),
    );
  });

  test("the file and its lines are checked", () => {
    expect(env("gone.env", "").problems.map(({ found }) => found)).toEqual([
      "/shop/gone.env, which cannot be read",
    ]);
    expect(
      env("a.env", "OK=1\nA B=1").problems.map(({ line, found }) => `${line} ${found}`),
    ).toEqual(['a.env:2:1 the name "A B"']);
    expect(env("a.env", 'A="1"').warnings.map(({ line, found }) => `${line} ${found}`)).toEqual([
      "a.env:1:1 A with quotes, which Docker keeps",
    ]);
  });

  test("a secret in it is in clear in the state, and is warned of without its value", () => {
    const warned = (file: string) => env("a.env", file).warnings;
    const names = [
      "DB_PASSWORD",
      "TOKEN",
      "AWS_SECRET_ACCESS_KEY",
      "FIREBASE_SERVICE_CRED",
      "OPENAI_API_KEY",
    ];
    const found = warned(names.map((name) => `${name}=hush\n`).join(""));
    expect(found.map(({ line, found }) => `${line} ${found.split(",")[0]}`)).toEqual(
      names.map((name, index) => `a.env:${index + 1}:1 ${name}`),
    );
    expect(JSON.stringify(found)).not.toContain("hush");
    expect(found[0]?.fix).toBe("`secrets`, and DB_PASSWORD_FILE where the image reads a file");
    expect(warned("PASSWORD_FILE=/run/secrets/p\nTOKEN=\nKEYBOARD=de\nTOKENIZER=a\n")).toEqual([]);
  });
});

describe("env files of several files", () => {
  const files = { "one.env": "A=1\nB=1\n", "two.env": "B=2\nC=2\n" };
  const envOf = (a: string, b: string) =>
    specOf(
      {
        ...files,
        "a.yaml": `services: { web: { image: nginx:1, ${a} } }\n`,
        "b.yaml": `services: { web: { ${b} } }\n`,
      },
      { files: ["a.yaml", "b.yaml"] },
    ).services.web?.env;

  test.each([
    ["environment: { B: 9, Z: 9 }", "env_file: one.env", { A: "1", B: "1", Z: "9" }],
    ["env_file: one.env", "environment: [B]", { A: "1", B: "1" }],
    ["env_file: one.env", "environment: { B: 3 }", { A: "1", B: "3" }],
    ["env_file: [one.env, two.env]", "env_file: one.env", { A: "1", B: "1", C: "2" }],
    ["env_file: two.env", "env_file: [one.env, two.env]", { A: "1", B: "2", C: "2" }],
    ["env_file: one.env", "env_file: !reset []", undefined],
    ["env_file: one.env", "env_file: !override [two.env]", { B: "2", C: "2" }],
    ["env_file: one.env", "environment: !override { B: 3 }, user: '1'", { A: "1", B: "3" }],
  ])("%s, then %s", (a, b, env) => {
    expect(envOf(a, b)).toEqual(env);
  });

  test("a file that cannot be read is reported once", () => {
    const two = {
      "a.yaml": "services: { web: { image: nginx:1, env_file: one.env } }\n",
      "b.yaml": "services: { web: { env_file: two.env } }\n",
    };
    expect(problemsOf(two, { files: ["a.yaml", "b.yaml"] })).toEqual([
      "a.yaml:1:46 services.web.env_file[0]: /shop/one.env, which cannot be read → make /shop/one.env, or `required: false`",
      "b.yaml:1:30 services.web.env_file[1]: /shop/two.env, which cannot be read → make /shop/two.env, or `required: false`",
    ]);
  });
});

describe("environment of later files", () => {
  test("a name alone takes its variable, over what an earlier file says", () => {
    const files = {
      "compose.yaml": "services: { web: { image: a, environment: { A: 1, B: 1, C: 1 } } }",
      "more.yaml": "services: { web: { environment: [A, B, C=] } }",
    };
    const { spec } = read(files, {
      files: ["compose.yaml", "more.yaml"],
      variables: { A: "shell" },
    });
    expect(spec).toMatchObject({ services: { web: { env: { A: "shell", B: "1", C: "" } } } });
  });

  test("in an included file it takes the included variables", () => {
    const files = {
      "compose.yaml": "include: [{ path: other.yaml, env_file: own.env }]\nservices: {}\n",
      "other.yaml": "services: { web: { image: a, environment: [A] } }",
      "own.env": "A=included\n",
    };
    expect(read(files).spec).toMatchObject({ services: { web: { env: { A: "included" } } } });
  });
});
