import { describe, expect, test } from "vitest";
import { buildArguments, explainBuilds, failedBuilds } from "../../tools/report/failed-builds";
import { planned } from "../planned";

const said = (name: string, colour = "") => `Diagnostics:
  pulumi:pulumi:Stack (swarmyard-local):
    error: update failed
  ${colour}docker:index:RemoteImage (${name}):${colour}
    error:   sdk-v2/provider2.go:572: sdk.helper_schema: Error running legacy build: executor failed running [/bin/sh -c apt-get install -y no-such-package]: exit code: 100
    error: 1 error occurred:
    	* Error running legacy build: executor failed running [/bin/sh -c apt-get install -y no-such-package]: exit code: 100
  docker:index:RemoteImage (registry-image-shop/web):
    error: context canceled
`;

const plan = planned("shop", {
  folder: "/yard/platforms/shop",
  images: { api: { context: "api", dockerfile: "Own file", args: { A: "1 2" }, target: "run" } },
});
const platforms = [{ name: "shop", plan }];

describe("the builds that failed", () => {
  test("are those of which Pulumi says so, each once, also in colour", () => {
    const api = [{ platform: "shop", key: "api" }];
    expect(failedBuilds(said("registry-image-shop/api"))).toEqual(api);
    expect(failedBuilds(said("registry-image-shop/api", "\u001b[1m"))).toEqual(api);
    expect(failedBuilds(said("node-image"))).toEqual([]);
    expect(failedBuilds("docker:index:Container (entry-shop): error: no")).toEqual([]);
  });

  test("are built as the program builds them", () => {
    expect(buildArguments({ context: "api" }, "/yard/platforms/shop")).toEqual([
      "build",
      "/yard/platforms/shop/api",
    ]);
  });

  test("are reported with the last lines of their output and the command that shows all", async () => {
    const calls: (readonly string[])[] = [];
    const stderr = `${"x\n".repeat(30)}E: Unable to locate package no-such-package\n`;
    const text = await explainBuilds(said("registry-image-shop/api"), platforms, async (args) => {
      calls.push(args);
      return { status: 100, stdout: "", stderr };
    });
    const folder = "/yard/platforms/shop/api";
    expect(calls).toEqual([
      ["build", "--file", `${folder}/Own file`, "--build-arg", "A=1 2", "--target", "run", folder],
    ]);
    expect(text).toEqual([
      [
        "The image api of platform shop cannot be built. Last lines of its build:",
        ...Array.from({ length: 14 }, () => "    x"),
        "    E: Unable to locate package no-such-package",
        "  fix: correct its Dockerfile or what it copies, then run the command again",
        `  to see all of it: docker build --file '${folder}/Own file' --build-arg 'A=1 2' --target run ${folder}`,
      ].join("\n"),
    ]);
  });

  test("are printed as text, whatever the build printed", async () => {
    const run = async () => ({
      status: 1,
      stdout: "\u001b[2J::add-mask::x\n##[error]y\r\n",
      stderr: "",
    });
    const [text] = await explainBuilds(said("registry-image-shop/api"), platforms, run);
    expect(text).toContain("of its build:\n    : :add-mask::x\n    # #[error]y\n  fix:");
  });

  test("may succeed the next time, and are left out when they are not ours", async () => {
    const run = async () => ({ status: 0, stdout: "", stderr: "" });
    expect(await explainBuilds(said("registry-image-shop/api"), platforms, run)).toEqual([
      "The image api of platform shop could not be built at first, but now it can: run the command again.",
    ]);
    expect(await explainBuilds(said("registry-image-shop/other"), platforms, run)).toEqual([]);
  });
});
