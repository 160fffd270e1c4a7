import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { ThrowAwayEngine } from "./engine";
import { Gate } from "./gate";

// Clients that the SDK leaves behind retry the ports of engines that have ended; in a shared pool
// a new engine on such a port would inherit their failure.
Reflect.set(Reflect.get(settings, "grpcClientOptions"), "grpc.use_local_subchannel_pool", 1);

/** Steps of a run by kind: `{ create: 1, same: 2 }`. */
type Steps = Readonly<Record<string, number>>;

/** What a program declares; every resource takes these options. */
type Program = (opts: pulumi.CustomResourceOptions) => void;

/** Why the suite cannot run, or nothing when it can. */
export function obstacle(): string | undefined {
  const { SWARMYARD_PULUMI: command, SWARMYARD_PULUMI_HOME: home } = process.env;
  if (command === undefined || home === undefined) {
    return "SWARMYARD_PULUMI and SWARMYARD_PULUMI_HOME do not name a Pulumi; npm test sets them";
  }
  return existsSync(command) ? undefined : `there is no ${command}`;
}

/** Plain @pulumi/docker programs, without anything of ours, on a swarm of one node. */
export class Peer {
  private constructor(
    private readonly folder: string,
    public readonly engine: ThrowAwayEngine,
    public readonly gate: Gate,
  ) {}

  static async open(image: string): Promise<Peer> {
    const folder = mkdtempSync(join(tmpdir(), "peer-"));
    const engine = ThrowAwayEngine.start(folder, image);
    return new Peer(folder, engine, await Gate.at(join(folder, "gate.sock"), engine.socket));
  }

  /** A stack of its own for one program. */
  async stack(name: string, first: Program): Promise<PeerStack> {
    const state = join(this.folder, name);
    mkdirSync(state);
    return PeerStack.make(name, state, `unix://${join(this.folder, "gate.sock")}`, first);
  }

  close(): void {
    this.gate.close();
    this.engine.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One program on the peer's swarm. */
export class PeerStack {
  private constructor(
    private readonly stack: Stack,
    private readonly current: { program: Program },
  ) {}

  static async make(name: string, state: string, host: string, first: Program): Promise<PeerStack> {
    const { SWARMYARD_PULUMI: command = "", SWARMYARD_PULUMI_HOME: home = "" } = process.env;
    const current = { program: first };
    const stack = await LocalWorkspace.createOrSelectStack(
      {
        projectName: "peer",
        stackName: name,
        program: async () => {
          const provider = new docker.Provider("swarm", { host });
          current.program({ provider });
        },
      },
      {
        pulumiCommand: await PulumiCommand.get({
          root: dirname(dirname(command)),
          skipVersionCheck: true,
        }),
        pulumiHome: home,
        envVars: {
          PULUMI_BACKEND_URL: `file://${state}`,
          PULUMI_CONFIG_PASSPHRASE: "peer",
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
      },
    );
    return new PeerStack(stack, current);
  }

  /** Makes what the program says. @returns what was shown when that failed, else nothing */
  async up(program?: Program): Promise<string | undefined> {
    this.current.program = program ?? this.current.program;
    let shown = "";
    try {
      await this.stack.up({ color: "never", onOutput: (text) => (shown += text) });
      return undefined;
    } catch (error) {
      return `${shown}\n${error}`;
    }
  }

  /** What another run would do. */
  async preview(): Promise<Steps> {
    return (await this.stack.preview({ color: "never" })).changeSummary;
  }

  /** Reads the current state. */
  async refresh(): Promise<void> {
    await this.stack.refresh({ color: "never" });
  }

  /** What a refresh would do to the state; nothing when it refuses. */
  async refreshPreview(): Promise<Steps | undefined> {
    try {
      return (await this.stack.previewRefresh({ color: "never" })).changeSummary;
    } catch {
      return undefined;
    }
  }
}
