import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Resource } from "@pulumi/pulumi";
import {
  LocalWorkspace,
  PulumiCommand,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { homeWith } from "./plugins";

// The clients that the SDK leaves behind go on retrying the ports of engines that have ended. Once a
// new engine is given such a port, a shared pool hands out their failure before it has dialed.
const clientOptions = Reflect.get(settings, "grpcClientOptions");
Reflect.set(clientOptions, "grpc.use_local_subchannel_pool", 1);

/** How a run of the Pulumi engine ended. */
export interface Outcome {
  readonly failed: boolean;
  /** Everything that was shown. */
  readonly shown: string;
  /** The steps, by kind: `{ create: 1, same: 2 }`. */
  readonly changes: Readonly<Record<string, number>>;
  /** The outputs of the program in clear. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A resource as the state keeps it. */
export interface Kept {
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

type Program = () => unknown;

/** One stack in a temporary folder, driven by one command line with one command plugin. */
export class Sandbox {
  private constructor(
    /** The folder of the sandbox, for whatever a test wants to put there. */
    readonly folder: string,
    private readonly stack: Stack,
    private readonly current: { program: Program },
  ) {}

  /** Makes an empty stack; `env` is added to the environment of the command line. */
  static async open(
    pulumi: string,
    plugin: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Sandbox> {
    const folder = mkdtempSync(join(tmpdir(), "conformance-stack-"));
    const home = join(folder, "home");
    homeWith(plugin, home);
    mkdirSync(join(folder, "state"));
    const current: { program: Program } = { program: () => undefined };
    const stack = await LocalWorkspace.createOrSelectStack(
      {
        projectName: "conformance",
        stackName: "one",
        program: async () => outputsOf(current.program()),
      },
      {
        pulumiCommand: await PulumiCommand.get({ root: dirname(dirname(pulumi)) }),
        pulumiHome: home,
        envVars: {
          PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "conformance",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          SSH_AUTH_SOCK: "",
          ...env,
        },
      },
    );
    return new Sandbox(folder, stack, current);
  }

  /** Makes what the program says; throws what was shown when that fails. */
  async up(program: Program): Promise<Outcome> {
    return succeeded(await this.tryUp(program));
  }

  /** The same where a failure is what the test is about. */
  tryUp(program: Program, options: UpOptions = {}): Promise<Outcome> {
    this.current.program = program;
    return attempt((onOutput) => this.stack.up({ ...options, onOutput, color: "never" }));
  }

  /** Asks what `up` would do. */
  async preview(program: Program): Promise<Readonly<Record<string, number>>> {
    this.current.program = program;
    const result = await this.stack.preview({ color: "never" });
    return result.changeSummary;
  }

  /** Asks the machines for their current state. */
  async refresh(): Promise<Outcome> {
    return succeeded(await attempt((onOutput) => this.stack.refresh({ onOutput, color: "never" })));
  }

  /** Removes everything; throws what was shown when that fails. */
  async destroy(): Promise<Outcome> {
    return succeeded(await this.tryDestroy());
  }

  /** The same where a failure is what the test is about. */
  tryDestroy(): Promise<Outcome> {
    return attempt((onOutput) => this.stack.destroy({ onOutput, color: "never" }));
  }

  /** The resources of the command plugin in the state. */
  async kept(): Promise<readonly Kept[]> {
    const { deployment } = await this.stack.exportStack();
    const resources: readonly Kept[] = deployment.resources ?? [];
    return resources.filter((resource) => resource.type.startsWith("command:"));
  }

  /** The state as it lies on disk. */
  stored(): string {
    return readFileSync(join(this.folder, "state/.pulumi/stacks/conformance/one.json"), "utf8");
  }

  /** Forgets the sandbox with all that it has. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

type Action = (onOutput: (text: string) => void) => Promise<{
  summary: { resourceChanges?: Record<string, number> };
  outputs?: Record<string, { value: unknown }>;
}>;

async function attempt(action: Action): Promise<Outcome> {
  let shown = "";
  const onOutput = (text: string) => {
    shown += text;
  };
  try {
    const { summary, outputs } = await action(onOutput);
    const values = Object.entries(outputs ?? {}).map(([key, output]) => [key, output.value]);
    const changes = summary.resourceChanges ?? {};
    return { failed: false, shown, changes, outputs: Object.fromEntries(values) };
  } catch (error) {
    return { failed: true, shown: `${shown}\n${error}`, changes: {}, outputs: {} };
  }
}

/** A program may return the resource that it declares, which is not a set of outputs. */
function outputsOf(returned: unknown): Record<string, unknown> {
  const isOutputs = typeof returned === "object" && !Resource.isInstance(returned);
  return isOutputs ? { ...returned } : {};
}

function succeeded(outcome: Outcome): Outcome {
  if (outcome.failed) {
    throw new Error(outcome.shown);
  }
  return outcome;
}
