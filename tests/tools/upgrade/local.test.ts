import { expect, test } from "vitest";
import { hostUpgrades, newImages, onlyThese } from "../../../tools/upgrade/local";

const urn = (types: string, name: string) => `urn:pulumi:local::swarmyard::${types}::${name}`;
const hostContainer = "swarm:index:Host$swarm:hosts:Local$docker:index/container:Container";
const step = (op: string, types: string, name: string, replaceReasons: readonly string[] = []) => ({
  op,
  urn: urn(types, name),
  replaceReasons,
});

const steps = [
  step("create", "docker:index/remoteImage:RemoteImage", "node-image-debian-13"),
  step("create", "docker:index/remoteImage:RemoteImage", "registry-image-demo/web"),
  step("delete", "docker:index/remoteImage:RemoteImage", "node-image"),
  step("create-replacement", hostContainer, "db-0-container", ["image"]),
  step("replace", hostContainer, "db-0-container", ["image"]),
  step("update", "swarm:hosts:Local$command:remote:Command", "db-0-ready"),
  step("replace", hostContainer, "db-1-container", ["uploads"]),
  step("replace", "swarm:registry:Local$docker:index/container:Container", "registry-server", [
    "image",
  ]),
  step("same", hostContainer, "db-2-container"),
];

test("hosts are upgraded whose container another image replaces, with what waits for them", () => {
  expect(hostUpgrades(steps)).toEqual([
    {
      host: "db-0",
      targets: [
        urn(hostContainer, "db-0-container"),
        urn("swarm:hosts:Local$command:remote:Command", "db-0-ready"),
      ],
    },
  ]);
  expect(newImages(steps)).toEqual([
    urn("docker:index/remoteImage:RemoteImage", "node-image-debian-13"),
  ]);
});

test("only what is named changes, one resource at a time", () => {
  expect(onlyThese(["urn-a", "urn-b"]).join(" ")).toBe(
    "up --yes --skip-preview --suppress-outputs --parallel 1 --target urn-a --target urn-b",
  );
});
