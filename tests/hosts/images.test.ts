import { expect, test } from "vitest";
import { nodeImage } from "../../components/hosts/local/node-image";
import { ignoreRules } from "../../components/local-engine/context-hash";
import { imageName } from "../../components/local-engine/image";
import { LOCAL_ENGINES } from "../../components/model/local-engines";
import { entryImage } from "../../components/network/local/entry";
import { registryImage } from "../../components/registry/local";

const images = { node: nodeImage, entry: entryImage, registry: registryImage };

test("images of Debian 12 stay as they are: environments that exist would replace their containers", () => {
  const names = Object.values(images).map((image) => imageName(image("debian-12")));
  expect(names).toEqual([
    "swarmyard/node:b2f4352f845c",
    "swarmyard/entry:26049cbabbcb",
    "swarmyard/registry:d5c287cd23f7",
  ]);
});

test("each generation has an image of its own, built on its release", () => {
  for (const image of Object.values(images)) {
    const names = LOCAL_ENGINES.map((engine) => imageName(image(engine)));
    expect(new Set(names).size).toBe(LOCAL_ENGINES.length);
    expect(image("debian-12")).not.toHaveProperty("args");
    expect(image("debian-13").args).toEqual({ base: "debian:13-slim" });
    expect(image("debian-sid").args).toEqual({
      base: "debian:sid-slim",
      apt_options: "-o Acquire::Check-Valid-Until=false",
    });
  }
});

test.each([
  ["node", ["Dockerfile", "image/entry", "image/sshd.conf"], ["hosts.ts", "image/Dockerfile"]],
  ["entry", ["Dockerfile"], ["entry.ts"]],
  [
    "registry",
    ["Dockerfile", "image/config.yml", "image/health"],
    ["local.ts", "image/Dockerfile"],
  ],
] as const)(
  "a build of the %s sees its parts, so that code changes no image",
  (name, parts, rest) => {
    const ignored = ignoreRules(images[name]("debian-13").folder);
    expect([...parts, ...rest].filter((path) => !ignored(path))).toEqual(parts);
  },
);
