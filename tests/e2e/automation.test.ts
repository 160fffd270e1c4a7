import * as path from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { jobEndedAfter } from "./page";
import { Yard } from "./yard";

// Clients that the SDK leaves behind retry the ports of engines that have ended; in a shared pool
// a new engine on such a port would inherit their failure.
Reflect.set(
  Reflect.get(settings, "grpcClientOptions") as object,
  "grpc.use_local_subchannel_pool",
  1,
);

let yard: Yard;
let stack: Stack;
const home = process.cwd();
const shown: string[] = [];
const onOutput = (text: string) => shown.push(text);

/** What `npm run env` tells a shell to export, without the path: the command is named by its folder. */
function exportsOf(lines: string): { [name: string]: string } {
  const found = [...lines.matchAll(/^export (?!PATH)(\w+)='?(.*?)'?$/gm)];
  return Object.fromEntries(found.map(([, name = "", value = ""]) => [name, value]));
}

beforeAll(async () => {
  yard = new Yard("automation");
  const { output } = await yard.run("env");
  const envVars = exportsOf(output);
  // Paths of build contexts start from the program's folder.
  process.chdir(yard.folder);
  const pulumiHome = envVars.PULUMI_HOME ?? "";
  stack = await LocalWorkspace.createOrSelectStack(
    {
      stackName: yard.stack,
      projectName: "swarmyard",
      program: async () => {
        vi.resetModules();
        const { default: program } = await import(path.join(yard.folder, "index.ts"));
        return program();
      },
    },
    {
      workDir: yard.folder,
      envVars,
      pulumiHome,
      pulumiCommand: await PulumiCommand.get({ root: pulumiHome, skipVersionCheck: true }),
    },
  );
});
afterAll(async () => {
  process.chdir(home);
  await yard.close();
});

test("an inline program creates the same environment as the command line", async () => {
  const { outputs } = await stack.up({ onOutput, parallel: 64 });
  await jobEndedAfter(outputs.open?.value, Date.now());
  expect(outputs.endpoints?.secret).toBe(true);
});

test("its preview is empty, and so is the command line's", async () => {
  const { changeSummary } = await stack.preview({ onOutput });
  expect(Object.keys(changeSummary), shown.join("").slice(-3000)).toEqual(["same"]);
  const { status, output } = await yard.run("preview", ["--expect-no-changes", "--diff"]);
  expect(status, output).toBe(0);
});

test("it destroys without running the program", async () => {
  await stack.destroy({ onOutput });
  expect(yard.here("ps", "-aq")).toEqual([]);
  expect(yard.here("network", "ls", "-q")).toEqual([]);
  expect(yard.here("volume", "ls", "-q")).toEqual([]);
});
