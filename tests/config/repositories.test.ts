import { expect, test } from "vitest";
import { ownRepositories, repositoryPath } from "../../components/config/environment/repositories";
import { brief, readChanged } from "./yard";

test("repositories are written as registries want them", () => {
  expect(repositoryPath("My_Stack", "Demo/API v2")).toBe("my-stack/demo/api-v2");
});

test("all of an environment are below one path, whatever its name is", () => {
  const root = ownRepositories({ prefix: "yard", name: "Blue_2" });
  expect(root).toBe("yard-blue-2");
  expect(repositoryPath(root, "demo/api")).toBe("yard-blue-2/demo/api");
});

test("fails: two images whose keys differ by capital letters only", () => {
  const images = { Web: { context: "web" } };
  expect(readChanged({ spec: { images } }).problems.map(brief)).toEqual([
    [
      "platforms/app: images.Web",
      "an image in the repository app/web, where images.web of platform app is already",
      "keys that differ by more than capital letters, dashes, underscores and dots",
      "another key",
    ],
  ]);
});
