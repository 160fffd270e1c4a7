import { describe, expect, test } from "vitest";
import { problemsOf, read, specOf } from "./read";

describe("images", () => {
  test.each([
    ["redis", "redis:latest"],
    ["docker.io/library/redis:7", "redis:7"],
    ["index.docker.io/org/app", "org/app:latest"],
    ["reg.example:5000/app", "reg.example:5000/app:latest"],
    [`redis@sha256:${"a".repeat(64)}`, `redis@sha256:${"a".repeat(64)}`],
  ])("%s", (written, image) => {
    const { web } = specOf(`services: { web: { image: "${written}" } }`).services;
    expect(web?.image).toBe(image);
    expect(web?.labels).toEqual({ "com.docker.stack.image": written });
  });

  test.each([
    ["<registry>/app:1", "the placeholder `<registry>`, which nobody filled in"],
    ["App", '"App", which has capitals in its repository'],
    ["a b", '"a b", which is not an image reference'],
  ])("%s is refused", (written, found) => {
    expect(problemsOf(`services: { web: { image: "${written}" } }`).join()).toContain(found);
  });

  test("one with a Dockerfile is built", () => {
    const compose =
      "services: { web: { build: { context: ./web, args: [A=1, HOME, GONE], target: prod }, image: shop/web:1 }, api: { build: api } }";
    const files = { "compose.yaml": compose, "web/Dockerfile": "", "api/Dockerfile": "" };
    const { images, services } = specOf(files);
    expect(images).toEqual({
      web: { context: "web", args: { A: "1", HOME: "/home/me" }, target: "prod" },
      api: { context: "api" },
    });
    expect(services.web).toEqual({
      image: { build: "web" },
      labels: { "com.docker.stack.image": "shop/web:1" },
    });
    expect(services.api).toEqual({ image: { build: "api" } });
  });

  test("a build says what it needs from the Docker engine that builds it", () => {
    const options =
      "labels: [a=b], network: host, shm_size: 64m, no_cache: true, pull: true, privileged: false, extra_hosts: ['one:10.0.0.1', 'one:10.0.0.2', two=10.0.0.3], cache_from: [x], isolation: default, ulimits: { nproc: 65535, nofile: { soft: 20000, hard: 40000 } }";
    const files = {
      "compose.yaml": `services: { web: { build: { context: ., ${options} } } }`,
      Dockerfile: "",
    };
    expect(specOf(files).images?.web).toEqual({
      context: ".",
      labels: { a: "b" },
      network: "host",
      extraHosts: { one: "10.0.0.1, 10.0.0.2", two: "10.0.0.3" },
      shmSize: "64m",
      ulimits: { nproc: { soft: 65535, hard: 65535 }, nofile: { soft: 20000, hard: 40000 } },
      noCache: true,
      pull: true,
      cacheFrom: ["x"],
    });
  });

  test("a build says what it needs from BuildKit, in every form", () => {
    const build = `
      dockerfile_inline: |
        FROM a
      secrets: [npm, { source: pip, target: index, mode: 0400 }]
      additional_contexts: [assets=../assets, base=docker-image://debian:13]
      ssh: { default: , git: ~/.ssh/id }
      platforms: linux/arm64
      entitlements: network.host
      privileged: true
      cache_from: [shop/web:cache]
      cache_to: [type=inline]`;
    const files = {
      "compose.yaml": `services:\n  web:\n    secrets: [pip]\n    build:${build}\nsecrets: { npm: { environment: NPM }, pip: { file: pip.txt } }\n`,
      "pip.txt": "x",
    };
    const { images, secrets } = specOf(files);
    expect(images?.web).toEqual({
      context: ".",
      dockerfileText: "FROM a\n",
      secrets: { npm: { config: "NPM" }, index: { file: "pip.txt" } },
      contexts: { assets: "../assets", base: "docker-image://debian:13" },
      ssh: ["default", "git=~/.ssh/id"],
      platforms: ["linux/arm64"],
      entitlements: ["network.host", "security.insecure"],
      cacheFrom: ["shop/web:cache"],
      cacheTo: ["type=inline"],
    });
    // The swarm gets no secret that only a build reads.
    expect(secrets).toEqual({ pip: { file: "pip.txt" } });
  });

  test("a build reads no external secret, and none that is not in the file", () => {
    const files = {
      "compose.yaml":
        "services: { web: { build: { context: ., secrets: [a, b] } } }\nsecrets: { a: { external: true } }\n",
      Dockerfile: "",
    };
    expect(problemsOf(files)).toEqual([
      "compose.yaml:1:51 services.web.build.secrets[0]: the external secret a; a swarm never gives the content of a secret back → `environment: <NAME>` for the secret a, and `npm run secret -- set <NAME>`",
      'compose.yaml:1:54 services.web.build.secrets[1]: "b", which is not in `secrets` → did you mean `a`?',
    ]);
  });

  test("one without a Dockerfile is used as it is, and one without both is refused", () => {
    const { spec, warnings } = read("services: { web: { build: ./web, image: web:1 } }");
    expect(spec).toMatchObject({ services: { web: { image: "web:1" } } });
    expect(warnings.map(({ found }) => found)).toEqual([
      "a build whose Dockerfile /shop/web/Dockerfile cannot be read",
    ]);
    expect(problemsOf("services: { web: { build: ./web }, api: {} }")).toEqual([
      "compose.yaml:1:27 services.web.build: a build whose Dockerfile /shop/web/Dockerfile cannot be read → `image`, or make /shop/web/Dockerfile",
      "compose.yaml:1:41 services.api: a service without an image → `image: <image>`",
    ]);
  });
});
