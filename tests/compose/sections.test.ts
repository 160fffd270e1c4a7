import { describe, expect, test } from "vitest";
import { problemsOf, read, specOf } from "./read";

const used = "services: { web: { image: a, networks: [n] } }\n";

describe("networks", () => {
  const network = (yaml: string) => specOf(`${used}networks: { n: ${yaml} }`).networks?.n;

  test.each([
    ["", {}],
    [
      "{ name: real, driver: overlay, attachable: true, internal: true, labels: [a=b] }",
      { name: "real", driver: "overlay", attachable: true, internal: true, labels: { a: "b" } },
    ],
    [
      "{ driver_opts: { encrypted: 'yes', mtu: 1200 } }",
      { encrypted: true, options: { mtu: "1200" } },
    ],
    [
      "{ ipam: { driver: default, config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.9 }] } }",
      { subnet: "10.1.0.0/24", gateway: "10.1.0.9" },
    ],
    ["{ external: true }", { external: true, name: "n" }],
    ["{ external: 'true', name: real, attachable: true }", { external: true, name: "real" }],
    ["{ external: { name: real } }", { external: true, name: "real" }],
    ["{ external: false }", {}],
  ])("%s", (yaml, made) => {
    expect(network(yaml)).toEqual(made);
  });

  test.each([
    ["networks: { n: { external: true, name: x, driver: overlay } }", "networks.n.driver"],
    ["volumes: { v: { external: true, driver_opts: { type: nfs } } }", "volumes.v.driver_opts"],
    ["secrets: { s: { external: true, file: ./s } }", "secrets.s.file"],
    ["configs: { c: { external: true, content: x } }", "configs.c.content"],
  ])("what is external and says more is warned of: %s", (yaml, path) => {
    const joined = yaml.startsWith("networks") ? "networks: [n]" : "";
    const { problems, warnings } = read(`services: { web: { image: a, ${joined} } }\n${yaml}`);
    expect(problems).toEqual([]);
    expect(warnings.map((one) => one.path)).toEqual([`compose.yaml: ${path}`]);
  });

  test("a config with two sources is refused", () => {
    expect(problemsOf("services: {}\nconfigs: { c: { file: ./a, content: b } }")).toEqual([
      "compose.yaml:2:37 configs.c.content: `content` beside `file` → remove one of them",
    ]);
  });

  test("those that no service joins are left out", () => {
    expect(specOf(`${used}networks: { n: , other: }`).networks).toEqual({ n: {} });
    const text =
      "services: { web: { image: a } }\nnetworks: { default: { external: true, name: x } }";
    expect(specOf(text).networks).toEqual({ default: { external: true, name: "x" } });
  });

  test("several blocks of addresses, but of IPv4 and with one gateway", () => {
    expect(
      network("{ ipam: { config: [{ subnet: 10.1.0.0/24 }, { subnet: 10.2.0.0/24 }] } }"),
    ).toEqual({ subnet: "10.1.0.0/24", moreSubnets: ["10.2.0.0/24"] });
    const text = `${used}networks: { n: { ipam: { config: [{ subnet: "::/64" }, { subnet: 10.1.0.0/24, gateway: 10.1.0.9 }, { subnet: 10.2.0.0/24, gateway: 10.2.0.9 }] } } }`;
    expect(problemsOf(text)).toEqual([
      'compose.yaml:2:35 networks.n.ipam.config[0]: "::/64"; swarm gives its overlay networks IPv4 addresses only → remove this block',
      "compose.yaml:2:100 networks.n.ipam.config[2]: a gateway of a further block; networks here have one, and Docker refuses it → remove this `gateway`",
    ]);
    expect(read(text, { lenient: true }).spec).toMatchObject({
      networks: {
        n: { subnet: "10.1.0.0/24", gateway: "10.1.0.9", moreSubnets: ["10.2.0.0/24"] },
      },
    });
  });

  test("an empty name, as of an unset variable, is none", () => {
    expect(network("{ name: '${NOPE}', driver: '' }")).toEqual({});
    expect(specOf("services: {}\nvolumes: { a: { name: '' } }").volumes).toEqual({
      a: { driver: "" },
    });
  });
});

test("volumes", () => {
  const text =
    "services: {}\nvolumes: { a: , b: { driver: x, driver_opts: { o: 1 }, labels: [l], name: 'v-{{.Task.Slot}}' }, c: { external: true }, d: { external: { name: real } } }";
  expect(specOf(text).volumes).toEqual({
    a: { driver: "" },
    b: { driver: "x", driverOptions: { o: "1" }, labels: { l: "" }, name: "v-{{.Task.Slot}}" },
    c: { external: true, name: "c" },
    d: { external: true, name: "real" },
  });
});

describe("secrets and configs", () => {
  const files = (yaml: string) => ({ "compose.yaml": `services: {}\n${yaml}`, "s.txt": "secret" });

  test.each([
    ["secrets: { s: { file: s.txt } }", { s: { file: "s.txt" } }],
    [
      "secrets: { s: { file: ./s.txt, name: 's-1', labels: [a=b], template_driver: golang } }",
      { s: { file: "s.txt", name: "s-1", labels: { a: "b" }, templateDriver: "golang" } },
    ],
    ["secrets: { s: { environment: HOME } }", { s: { value: "/home/me" } }],
    [
      "secrets: { s: { external: true }, t: { external: { name: real } } }",
      { s: { external: "s" }, t: { external: "real" } },
    ],
  ])("%s", (yaml, made) => {
    expect(specOf(files(yaml)).secrets).toEqual(made);
  });

  test.each([
    ["configs: { c: { content: 'a ${HOME} $$x' } }", { c: { content: "a /home/me $x" } }],
    ["configs: { c: { environment: HOME } }", { c: { content: "/home/me" } }],
    [
      "configs: { c: { file: /shop/s.txt, template_driver: golang } }",
      { c: { file: "s.txt", templateDriver: "golang" } },
    ],
    ["configs: { c: { external: true, name: real } }", { c: { external: "real" } }],
  ])("%s", (yaml, made) => {
    expect(specOf(files(yaml)).configs).toEqual(made);
  });

  test("what they come from must be there", () => {
    expect(
      problemsOf(
        "services: {}\nsecrets: { a: { file: no.txt }, b: { environment: _NO }, c: {} }\nconfigs: { d: }\n",
      ),
    ).toEqual([
      "compose.yaml:2:23 secrets.a.file: /shop/no.txt, which cannot be read → make /shop/no.txt",
      'compose.yaml:2:51 secrets.b.environment: "_NO" → set _NO',
      "compose.yaml:2:61 secrets.c: nothing that says where its content comes from → `file: <path>`",
      "compose.yaml:3:15 configs.d: nothing that says where its content comes from → `file: <path>`",
    ]);
  });

  test("a variable of a secret that is not set is a secret of the environment", () => {
    const { secrets } = specOf("services: {}\nsecrets: { a: { environment: TOKEN, name: x } }");
    expect(secrets).toEqual({ a: { config: "TOKEN", name: "x" } });
  });

  test("what an environment file says in clear becomes no secret", () => {
    const text = "services: {}\nsecrets: { a: { environment: TOKEN } }";
    const variables = { TOKEN: "hunter2" };
    expect(specOf(text, { variables }).secrets).toEqual({ a: { value: "hunter2" } });
    const said = problemsOf(text, { variables, inClear: ["TOKEN"] });
    expect(said).toEqual([
      "compose.yaml:2:30 secrets.a.environment: the variable TOKEN, whose value is in clear in the environment file → remove TOKEN from `variables`, then `npm run secret -- set TOKEN`",
    ]);
  });

  test("a secret's value is in no message", () => {
    const { problems, warnings, conversions } = read(
      "services: { web: { image: a, secrets: [s, s] } }\nsecrets: { s: { environment: PW, labels: 7 } }",
      { variables: { PW: "hunter2" } },
    );
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify([problems, warnings, conversions])).not.toContain("hunter2");
  });
});

describe("the report and the lines", () => {
  const text =
    "version: '3'\nx-own: 1\nservices:\n  web:\n    image: nginx:1\n    environment:\n      A: 1\n    volumes:\n      - d:/data\n    deploy:\n      replicas: 2\n    expose: [80]\n    restart: always\nvolumes:\n  d:\n";

  test("each key is taken, changed, ignored or refused", () => {
    const lines = read(text).conversions.map(({ keys, verdict }) => `${keys.join(".")} ${verdict}`);
    expect(lines).toEqual([
      "version ignored",
      "x-own ignored",
      "services taken",
      "services.web.image taken",
      "services.web.environment taken",
      "services.web.volumes taken",
      "services.web.volumes.0.type taken",
      "services.web.volumes.0.source taken",
      "services.web.volumes.0.target taken",
      "services.web.deploy taken",
      "services.web.deploy.replicas taken",
      "services.web.expose ignored",
      "services.web.restart changed",
      "volumes taken",
    ]);
  });

  test.each([
    [["services", "web"], "compose.yaml:5:5"],
    [["services", "web", "image"], "compose.yaml:5:12"],
    [["services", "web", "env", "A"], "compose.yaml:7:10"],
    [["services", "web", "mounts", "/data", "source"], "compose.yaml:9:9"],
    [["services", "web", "replicas"], "compose.yaml:11:17"],
    [["services", "web", "restart", "condition"], "compose.yaml:13:14"],
    [["services", "web", "hostname"], "compose.yaml:5:5"],
    [["volumes", "d", "driver"], "compose.yaml:15:5"],
    [["services", "none"], undefined],
  ])("%j is at %s", (keys, line) => {
    expect(read(text).lineOf(keys)).toBe(line);
  });
});

test("a network that says not to encrypt, which Docker reads as yes", () => {
  const warned = (value: string) =>
    read(`${used}networks: { n: { driver_opts: { encrypted: ${value} } } }`).warnings.map(
      ({ found, fix }) => [found, fix],
    );
  const found = '"false"; Docker takes any value of it as yes, and encrypts';
  expect(warned("'false'")).toEqual([[found, "remove `encrypted`"]]);
  expect(warned("''")).toEqual([]);
});
