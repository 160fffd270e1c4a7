import { expect, test } from "vitest";
import { brief, readChanged } from "./yard";

const INSTALL =
  "install the docker command's plugin buildx: the package docker-buildx of Debian, docker-buildx-plugin of Docker";
const WITH = "a docker command with buildx";
const whyNot = "which only buildx builds; this machine's docker command does not have it";

const reading = (web: object, buildx: boolean | undefined, dockerfile = "FROM a\n") =>
  readChanged({
    spec: { images: { web } },
    world: {
      text: () => dockerfile,
      ...(buildx === undefined ? {} : { buildx: () => buildx }),
    },
  });
const ofImages = (problems: ReturnType<typeof reading>["problems"]) =>
  problems.filter(({ path }) => path.includes("images")).map(brief);

test("what needs buildx is refused by name where there is none", () => {
  const secrets = { npm: { config: "npm" } };
  expect(ofImages(reading({ secrets, platforms: ["linux/amd64"] }, false).problems)).toEqual([
    ["platforms/app: images.web.secrets", `secrets, platforms, ${whyNot}`, WITH, INSTALL],
  ]);
  const mounts = "FROM a\nRUN --mount=type=cache,target=/c make\n";
  expect(ofImages(reading({}, false, mounts).problems)).toEqual([
    ["platforms/app: images.web", `\`--mount\` in its Dockerfile, ${whyNot}`, WITH, INSTALL],
  ]);
  for (const buildx of [true, undefined]) {
    expect(reading({ secrets }, buildx).problems).toEqual([]);
    expect(reading({}, buildx, mounts).problems).toEqual([]);
  }
});

test("further rights need buildx, limits do not", () => {
  const ulimits = { nofile: { soft: 1024, hard: 2048 } };
  expect(reading({ ulimits }, false).problems).toEqual([]);
  expect(ofImages(reading({ ulimits, entitlements: ["network.host"] }, false).problems)).toEqual([
    ["platforms/app: images.web.entitlements", `entitlements, ${whyNot}`, WITH, INSTALL],
  ]);
});

test("limits and rights of a build are checked as far as they are known", () => {
  const ulimits = { nofiles: { soft: 1, hard: 1 }, core: { soft: 3, hard: 2 } };
  const { problems } = reading({ ulimits, entitlements: ["security.insecur"] }, true);
  expect(ofImages(problems).map(([path, found, , fix]) => [path, found, fix])).toEqual([
    ["platforms/app: images.web.ulimits.core", "soft 3, which is above hard 2", "`soft: 2`"],
    ["platforms/app: images.web.ulimits.nofiles", 'the name "nofiles"', "did you mean `nofile`?"],
    [
      "platforms/app: images.web.entitlements[0]",
      '"security.insecur"',
      "did you mean `security.insecure`?",
    ],
  ]);
});

test("caches alone only warn, and images alone do not even that", () => {
  const { problems, warnings } = reading({ cacheFrom: ["a", "type=gha"] }, false);
  expect(problems).toEqual([]);
  expect(ofImages(warnings)).toEqual([
    [
      "platforms/app: images.web.cacheFrom",
      "a cache of buildx, which this machine's docker command does not have; it is left out",
      "a docker command with buildx, or images alone in `cacheFrom`",
      INSTALL,
    ],
  ]);
  expect(ofImages(reading({ cacheFrom: ["a"] }, false).warnings)).toEqual([]);
  expect(ofImages(reading({ cacheTo: ["type=inline"] }, true).warnings)).toEqual([]);
});

test("a plain build asks for no buildx", () => {
  const world = { text: () => "FROM a\n", buildx: () => expect.unreachable("nothing needs it") };
  expect(readChanged({ world }).problems).toEqual([]);
});

test("secrets and contexts of builds must be there", () => {
  const web = {
    secrets: { a: { config: "missing" }, b: { file: "b.txt" } },
    contexts: { assets: "../assets", base: "docker-image://a" },
  };
  const world = { exists: () => false, hasSecret: (key: string) => key === "apiToken" };
  const { problems } = readChanged({ spec: { images: { web } }, world });
  expect(ofImages(problems).map(([path, found]) => [path, found])).toEqual([
    ["platforms/app: images.web.secrets.a.config", '"missing", which is not in Pulumi config'],
    ["platforms/app: images.web.secrets.b.file", '"b.txt", but there is no platforms/app/b.txt'],
    ["platforms/app: images.web.context", '"web", but there is no platforms/app/web'],
    ["platforms/app: images.web.contexts.assets", '"../assets", but there is no platforms/assets'],
  ]);
});

test("a Dockerfile in the settings needs none in the folder, and there is only one", () => {
  const dockerfileText = "FROM a";
  const exists = (path: string) => !path.endsWith("Dockerfile");
  expect(
    readChanged({ spec: { images: { web: { dockerfileText } } }, world: { exists } }).problems,
  ).toEqual([]);
  const both = reading({ dockerfile: "A", dockerfileText }, true);
  expect(ofImages(both.problems)).toEqual([
    [
      "platforms/app: images.web.dockerfileText",
      "both dockerfile and dockerfileText",
      "`dockerfile` or `dockerfileText`",
      "only one of them",
    ],
  ]);
});

test("a build's secret has exactly one source, and no message offers the value", () => {
  const { problems } = reading({ secrets: { a: {}, b: { value: "x" } } }, true);
  expect(ofImages(problems)).toEqual([
    [
      "platforms/app: images.web.secrets.a",
      "no source",
      "exactly one of file, config",
      "`config: <key>`",
    ],
  ]);
});
