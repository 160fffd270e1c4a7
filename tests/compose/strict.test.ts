import { describe, expect, test } from "vitest";
import { documentedKeys } from "../../components/compose/keys/document";
import { problemsOf, read } from "./read";

/** A value for each refused key, so that none can be forgotten. */
const refused: { readonly [path: string]: string } = {
  "services.*.annotations": "{ a: b }",
  "services.*.blkio_config": "{ weight: 1 }",
  "services.*.build.isolation": "process",
  "services.*.cgroup": "host",
  "services.*.cgroup_parent": "x",
  "services.*.cgroupns_mode": "host",
  "services.*.container_name": "web",
  "services.*.cpu_count": "1",
  "services.*.cpu_percent": "1",
  "services.*.cpu_period": "1",
  "services.*.cpu_quota": "1",
  "services.*.cpu_rt_period": "1",
  "services.*.cpu_rt_runtime": "1",
  "services.*.cpu_shares": "1",
  "services.*.cpuset": "'0'",
  "services.*.credential_spec.config": "c",
  "services.*.depends_on.*.restart": "true",
  "services.*.deploy.resources.reservations.devices.*.device_ids": "['0']",
  "services.*.deploy.resources.reservations.devices.*.options": "{ a: b }",
  "services.*.device_cgroup_rules": "['c 1:3 mr']",
  "services.*.devices": "[/dev/a]",
  "services.*.domainname": "x",
  "services.*.external_links": "[a]",
  "services.*.gpus.*.device_ids": "['0']",
  "services.*.gpus.*.options": "{ a: b }",
  "services.*.ipc": "host",
  "services.*.isolation": "process",
  "services.*.links": "[a]",
  "services.*.mac_address": "x",
  "services.*.mem_swappiness": "1",
  "services.*.memswap_limit": "1g",
  "services.*.models": "[a]",
  "services.*.network_mode": "host",
  "services.*.networks.*.gw_priority": "1",
  "services.*.networks.*.interface_name": "eth0",
  "services.*.networks.*.ipv4_address": "10.0.0.2",
  "services.*.networks.*.ipv6_address": "::2",
  "services.*.networks.*.link_local_ips": "[a]",
  "services.*.networks.*.mac_address": "x",
  "services.*.networks.*.priority": "1",
  "services.*.oom_kill_disable": "true",
  "services.*.pid": "host",
  "services.*.ports.*.host_ip": "127.0.0.1",
  "services.*.post_start": "[{ command: a }]",
  "services.*.pre_start": "[{ command: a }]",
  "services.*.pre_stop": "[{ command: a }]",
  "services.*.privileged": "true",
  "services.*.provider": "{ type: a }",
  "services.*.runtime": "nvidia",
  "services.*.storage_opt": "{ size: 1g }",
  "services.*.use_api_socket": "true",
  "services.*.userns_mode": "host",
  "services.*.uts": "host",
  "services.*.volume_driver": "x",
  "services.*.volumes.*.bind.selinux": "z",
  "services.*.volumes.*.image": "{ subpath: a }",
  "services.*.volumes_from": "[a]",
  models: "{ a: { model: b } }",
  "networks.*.enable_ipv4": "false",
  "networks.*.enable_ipv6": "true",
  "networks.*.ipam.config.*.aux_addresses": "{ a: 10.0.0.2 }",
  "networks.*.ipam.config.*.ip_range": "10.0.0.0/28",
  "networks.*.ipam.driver": "other",
  "networks.*.ipam.options": "{ a: b }",
  "secrets.*.driver": "vault",
  "secrets.*.driver_opts": "{ a: b }",
};

/** Lists, whose items are maps. */
const LISTS = ["devices", "gpus", "ports", "volumes", "config"];

/** A file in flow style with the value at the path. */
function fileWith(path: string, value: string): string {
  const keys = path.split(".");
  const text = keys.reduceRight((inner, key, index) => {
    if (key === "*")
      return LISTS.includes(keys[index - 1] ?? "") && index > 1 ? `[${inner}]` : `{ n: ${inner} }`;
    return `{ ${key}: ${inner} }`;
  }, value);
  return `${text.slice(2, -2)}\n`;
}

describe("what swarm cannot do", () => {
  const rules = new Map(documentedKeys().map(({ path, rule }) => [path, rule]));

  test("every refused key has an example", () => {
    const paths = [...rules]
      .filter(([, { verdict }]) => verdict === "refused")
      .map(([path]) => path);
    expect(Object.keys(refused).sort()).toEqual(paths.sort());
  });

  test.each(Object.entries(refused))(
    "%s is a problem, and a warning with lenient",
    (path, value) => {
      const text = fileWith(path, value);
      const { note, docker, instead } = rules.get(path) ?? { note: "" };
      const key = path.split(".").at(-1);
      const found = `\`${key}\`: ${note}; \`docker stack deploy\` ${docker}`;
      const mine = read(text).problems.filter((problem) => problem.found === found);
      expect(mine).toEqual([
        expect.objectContaining({
          fix: instead,
          line: expect.stringMatching(/^compose.yaml:1:\d+$/),
        }),
      ]);
      const lenient = read(text, { lenient: true });
      expect(lenient.problems.filter((problem) => problem.found === found)).toEqual([]);
      expect(lenient.warnings.filter((problem) => problem.found === found)).toHaveLength(1);
    },
  );

  test.each([
    [
      "ports: [{ target: 80, mode: overlay }]",
      '"overlay", which a Docker engine takes as ingress without a word',
    ],
    ["gpus: all", "all count of GPUs; swarm reserves a number of them"],
    [
      "deploy: { resources: { reservations: { devices: [{ capabilities: [tpu], count: 1 }] } } }",
      "a device with tpu, which swarm cannot give",
    ],
    [
      "deploy: { placement: { preferences: [{ spread: zone }] } }",
      '"zone"; swarm spreads over labels only, and leaves anything else out',
    ],
    [
      "security_opt: [systempaths=unconfined]",
      '"systempaths=unconfined", which services do not have; `docker stack deploy` leaves it out with a warning',
    ],
    ["tmpfs: '/run:uid=1'", "the option `uid=1`, which swarm's tmpfs does not have"],
    [
      "volumes: [{ type: image, source: a, target: /a }]",
      "a mount of type image; swarm has none, and a Docker engine refuses the service",
    ],
  ])("%s", (yaml, found) => {
    const text = `services: { web: { image: a, ${yaml} } }`;
    expect(read(text).problems.map((problem) => problem.found)).toEqual([found]);
    const lenient = read(text, { lenient: true });
    expect([lenient.problems, lenient.warnings.map((problem) => problem.found)]).toEqual([
      [],
      [found],
    ]);
  });
});

describe("what is wrong", () => {
  test.each([
    [
      "hotsname: x",
      "1:30 services.web.hotsname: the unknown key `hotsname`, which Docker refuses → did you mean `hostname`?",
    ],
    [
      "deploy: { replica: 1 }",
      "1:40 services.web.deploy.replica: the unknown key `replica`, which Docker refuses → did you mean `replicas`?",
    ],
    ["ports: ['a:b']", '1:38 services.web.ports[0]: "a:b" → `8080:80`'],
    [
      "ports: ['80-81:80-82']",
      "1:38 services.web.ports[0]: 2 published ports for 3 ports → `8080:80`",
    ],
    ["ports: ['90-80:90-80']", '1:38 services.web.ports[0]: "90-80:90-80" → `8080:80`'],
    ["ports: ['99999:1']", '1:38 services.web.ports[0]: "99999:1" → `8080:80`'],
    ["ports: [{ published: 80 }]", "1:38 services.web.ports[0]: a map → `target: 80`"],
    ["volumes: ['a:/b:ro:x']", '1:40 services.web.volumes[0]: "a:/b:ro:x" → `data:/data`'],
    [
      "volumes: ['nope:/b']",
      '1:40 services.web.volumes[0]: "nope", which is not in `volumes` → `nope:` in `volumes`',
    ],
    [
      "volumes: ['/x:/b', '/y:/b/']",
      "1:49 services.web.volumes[1]: a second mount at /b/ → remove one of them",
    ],
    [
      "volumes: [data]",
      '1:40 services.web.volumes[0]: "data" as a path in the container → `data:/path/in/the/container`',
    ],
    [
      "secrets: [s]",
      '1:40 services.web.secrets[0]: "s", which is not in `secrets` → `s:` in `secrets`',
    ],
    [
      "networks: [n]",
      '1:41 services.web.networks.n: "n", which is not in `networks` → `n:` in `networks`',
    ],
    ["deploy: { replicas: '' }", '1:50 services.web.deploy.replicas: "" → `1`'],
    ["deploy: { replicas: two }", '1:50 services.web.deploy.replicas: "two" → `1`'],
    [
      "deploy: { resources: { limits: { memory: '' } } }",
      '1:71 services.web.deploy.resources.limits.memory: "" → `512M`',
    ],
    [
      "volumes: [{ type: volume, source: d, target: /b, bind: { propagation: shared } }]",
      "1:85 services.web.volumes[0].bind: options of type bind in a mount of type volume, which Docker refuses → remove `bind`, or `type: bind`",
    ],
    [
      "volumes: ['C:\\docker:/b', 'c:/docker:/c']",
      '1:40 services.web.volumes[0]: "C:\\\\docker", a path of Windows → `/srv/data`, or a volume',
    ],
    ["volumes: [{ type: '', target: /b }]", '1:48 services.web.volumes[0]: "" → `type: volume`'],
    ["deploy: { mode: globl }", '1:46 services.web.deploy.mode: "globl" → did you mean `global`?'],
    ["deploy: []", "1:38 services.web.deploy: a list → a map"],
    ["init: yes", '1:36 services.web.init: "yes" → `true`'],
    ["stop_grace_period: 10", '1:49 services.web.stop_grace_period: "10" → `10s`'],
    ["healthcheck: { interval: 5x }", '1:55 services.web.healthcheck.interval: "5x" → `30s`'],
    [
      "command: 'a \"b'",
      "1:39 services.web.command: a quote that is not closed → the missing quote, or a list such as `[sh, -c, …]`",
    ],
    ["environment: { '': x }", '1:45 services.web.environment[""]: the name "" → `NAME: value`'],
    ["environment: { A: [1] }", "1:48 services.web.environment.A: a list → `text`"],
    ["environment: text", '1:43 services.web.environment: "text" → `{ key: value }`'],
    [
      "environment: [[a]]",
      "1:44 services.web.environment[0]: a list → `KEY=value`, or a map instead of the list",
    ],
    ["ports: '80:80'", '1:37 services.web.ports: "80:80" → `[a, b]`, or a line with `- ` for each'],
    ["volumes: d:/d", '1:39 services.web.volumes: "d:/d" → `[a, b]`, or a line with `- ` for each'],
    [
      "secrets: { s: }",
      "1:39 services.web.secrets: a map → `[a, b]`, or a line with `- ` for each",
    ],
    ["networks: n", '1:40 services.web.networks: "n" → `{ key: value }`'],
    ["depends_on: n", '1:42 services.web.depends_on: "n" → `{ key: value }`'],
    ["ulimits: { nofile: }", '1:49 services.web.ulimits.nofile: "" → `1024`'],
    [
      "networks: [{ n: { aliases: [x] } }]",
      "1:41 services.web.networks[0]: a map → a map instead of the list: no `- ` before names",
    ],
    [
      "depends_on: [{ n: { condition: service_healthy } }]",
      "1:43 services.web.depends_on[0]: a map → a map instead of the list: no `- ` before names",
    ],
    ["profiles: [[a]]", "1:41 services.web.profiles[0]: a list → `text`"],
    [
      "command: [a, null]",
      "1:43 services.web.command[1]: nothing → remove this entry, or write its value",
    ],
    [
      "cap_add: [~]",
      "1:40 services.web.cap_add[0]: nothing → remove this entry, or write its value",
    ],
    ["volumes: [{ type: volume }]", "1:40 services.web.volumes[0]: a map → `target: /data`"],
    [
      "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: a } }] } } }",
      "1:89 services.web.deploy.resources.reservations.generic_resources[0].discrete_resource_spec: a map → `discrete_resource_spec: { kind: NVIDIA-GPU, value: 1 }`",
    ],
    [
      "deploy: { restart_policy: { condition: unless-stopped } }",
      '1:69 services.web.deploy.restart_policy.condition: "unless-stopped" → did you mean `any`?',
    ],
    [
      "deploy: { restart_policy: { condition: 'no' } }",
      '1:69 services.web.deploy.restart_policy.condition: "no" → did you mean `none`?',
    ],
    [
      "secrets: [{ source: s, mode: 4755 }] } }\nsecrets: { s: { external: true",
      "1:59 services.web.secrets[0].mode: 4755, which is 011223 in octal → `04755`",
    ],
    [
      "volumes: [{ type: bind, source: '', target: /a }]",
      "1:40 services.web.volumes[0]: a map → `source: /path/on/the/node`",
    ],
    [
      "volumes: [{ type: cluster, target: /a }]",
      "1:40 services.web.volumes[0]: a map → `source: <volume>`",
    ],
    [
      "volumes: [{ type: cluster, source: v, target: /a }]",
      '1:65 services.web.volumes[0]: "v", which is not in `volumes` → `v:` in `volumes`',
    ],
    [
      "networks: [n] } }\nnetworks: { n: { name: a, external: { name: b }",
      "2:45 networks.n.external.name: `name` beside `external.name`, which Docker refuses → `external: true`, and `name`",
    ],
    ["restart: sometimes", '1:39 services.web.restart: "sometimes" → `always`'],
    [
      "image: ''",
      "1:33 compose.yaml: the key `image` once more, which is already on line 1 → put what both say into one `image`",
    ],
  ])("%s", (yaml, problem) => {
    const text = `services: { web: { image: a, ${yaml} } }`;
    expect(problemsOf(text)[0]).toBe(`compose.yaml:${problem}`.replace("1:33", "1:30"));
  });

  test("all problems of all files come together, each with its file, line and column", () => {
    const files = {
      "a.yaml":
        "services:\n  web:\n    image: a:${TAG:?which one}\n    privileged: true\n    secrets: [nope]\n",
      "b.yaml": "services:\n  web:\n    prots: []\n    env_file: gone.env\nversion: 7\n",
    };
    expect(problemsOf(files, { files: ["a.yaml", "b.yaml", "c.yaml"] })).toEqual([
      "a.yaml:3:12 services.web.image: the required variable TAG is not set: which one → set TAG in `variables` or `envFiles` of the platform, for `convert` with `--env-file`",
      "c.yaml:1:1 c.yaml: c.yaml, which cannot be read → make /shop/c.yaml, or name another file",
      "a.yaml:4:5 services.web.privileged: `privileged`: swarm runs no privileged containers; `docker stack deploy` leaves it out with a warning → `cap_add` with what it needs",
      "b.yaml:3:5 services.web.prots: the unknown key `prots`, which Docker refuses → did you mean `ports`?",
      "b.yaml:4:15 services.web.env_file[0]: /shop/gone.env, which cannot be read → make /shop/gone.env, or `required: false`",
      'a.yaml:5:15 services.web.secrets[0]: "nope", which is not in `secrets` → `nope:` in `secrets`',
    ]);
  });

  test("a build with two Dockerfiles, or from another service's image, is refused", () => {
    const two = "services: { web: { build: { dockerfile: A, dockerfile_inline: FROM x } } }";
    expect(problemsOf(two)).toEqual([
      "compose.yaml:1:27 services.web.build: both `dockerfile` and `dockerfile_inline` → remove one of them",
    ]);
    const other =
      "services: { web: { build: { dockerfile_inline: FROM x, additional_contexts: { b: 'service:api' } } } }";
    expect(problemsOf(other)).toEqual([
      "compose.yaml:1:82 services.web.build.additional_contexts.b: service:api, the image of another service; images here are built on their own → a stage of one Dockerfile for both, named with `target`",
    ]);
  });

  test("a key without a value is left out, with a warning", () => {
    const text =
      "services:\n  web:\n    image: nginx:1\n    ports:\n    user:\n    networks: { n: }\n    deploy:\n      resources:\nnetworks: { n: }\nvolumes:\n";
    const { problems, warnings } = read(text);
    expect([problems, warnings.map(({ line, found }) => `${line} ${found}`)]).toEqual([
      [],
      ["4:5 `ports`", "8:7 `resources`", "10:1 `volumes`"].map(
        (place) =>
          `compose.yaml:${place} without a value; it is left out, where \`docker stack deploy\` refuses it`,
      ),
    ]);
  });

  test("one line that aliases use many times is reported once", () => {
    const text =
      "x-a: &a { privileged: true }\nservices:\n  a: { <<: *a, image: a }\n  b: { <<: *a, image: a }\n";
    expect(problemsOf(text)).toHaveLength(1);
  });
});
