import { describe, expect, test } from "vitest";
import type { SwarmAccess } from "../../components/engine/access";
import { engineClient } from "../../components/engine/client";
import type { LiveImage } from "../../components/engine/live";
import { bornAt, pruneImages, unusedImages } from "../../tools/setup/prune-images";

const image = (Id: string, ...RepoTags: string[]): LiveImage => ({ Id, RepoTags, Created: 0 });
const service = (Image: string, before?: string) => {
  const spec = (text: string) => ({ TaskTemplate: { ContainerSpec: { Image: text } } });
  return { Spec: spec(Image), PreviousSpec: before === undefined ? null : spec(before) };
};
const nobody = { containers: [], services: [] };

describe("an image is used", () => {
  const unused = (one: LiveImage, uses: Partial<Parameters<typeof unusedImages>[1]>) =>
    unusedImages([one], { ...nobody, ...uses }).length === 1;

  test.each<[string, LiveImage, Partial<Parameters<typeof unusedImages>[1]>]>([
    ["by a container, also a stopped one", image("i"), { containers: [{ ImageID: "i" }] }],
    ["by a service's tag", image("i", "reg:5000/web:1"), { services: [service("reg:5000/web:1")] }],
    [
      "by a service's digest",
      { Id: "i", RepoTags: null, RepoDigests: ["reg:5000/web@sha256:a"] },
      { services: [service("reg:5000/web:1@sha256:a")] },
    ],
    ["by a service without a tag", image("i", "redis:latest"), { services: [service("redis")] }],
    [
      "by a service under the long name of Docker Hub",
      image("i", "redis:7"),
      { services: [service("docker.io/library/redis:7")] },
    ],
    [
      "by what a rollback goes back to",
      image("i", "web:1"),
      { services: [service("web:2", "web:1")] },
    ],
  ])("%s", (_, one, uses) => {
    expect(unused(one, uses)).toBe(false);
    expect(unused(one, {})).toBe(true);
  });

  test("by no service whose image only has the same repository", () => {
    expect(unused(image("i", "web:1"), { services: [service("web:2")] })).toBe(true);
  });
});

test("an image is as old as its last tag here, or as its making", () => {
  expect(bornAt({ Id: "i", Created: "2026-01-01T00:00:00Z" })).toBe(Date.UTC(2026, 0, 1));
  const Metadata = { LastTagTime: "2026-02-01T00:00:00Z" };
  expect(bornAt({ Id: "i", Created: 0, Metadata })).toBe(Date.UTC(2026, 1, 1));
  const never = { LastTagTime: "0001-01-01T00:00:00Z" };
  expect(bornAt({ Id: "i", Created: 5, Metadata: never })).toBe(5_000);
});

test("nodes lose what is old and unused, each name of it, and no more", async () => {
  const removed: string[] = [];
  const young = new Date().toISOString();
  const answers: { readonly [path: string]: unknown } = {
    "/services": [service("web:2")],
    "/containers/json": [{ Id: "c", ImageID: "used" }],
    "/images/json": [
      image("used", "other:1"),
      image("old", "web:1", "web:old"),
      { Id: "dangling", RepoTags: ["<none>:<none>"], RepoDigests: ["<none>@<none>"] },
      image("young", "web:3"),
      image("wanted", "web:2"),
    ],
    "/images/old/json": { Id: "old", Created: "2026-01-01T00:00:00Z" },
    "/images/dangling/json": { Id: "dangling", Created: "2026-01-01T00:00:00Z" },
    "/images/young/json": { Id: "young", Created: young },
  };
  const engine = engineClient(async ({ method, path }) => {
    if (method === "DELETE") removed.push(path);
    else if (path in answers) return answers[path];
    else throw new Error(`nothing at ${path}`);
  });
  const silent = async () => Promise.reject(new Error("silent"));
  const access = {
    nodes: ["a", "b"],
    manager: async () => engine,
    node: (name: string) => (name === "a" ? Promise.resolve(engine) : silent()),
  } as unknown as SwarmAccess;
  expect(await pruneImages(3_600_000, access)).toEqual(["a: removed 2 images that nothing used."]);
  expect(removed).toEqual(["/images/web:1", "/images/web:old", "/images/dangling"]);
});
