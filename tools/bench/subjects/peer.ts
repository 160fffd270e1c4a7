import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PeerName, Size } from "../options";
import { type Plan, type Prepared, planFor } from "../plan";
import { type Command, run } from "../processes";
import { secretName, stackFile } from "../stack-file";
import { type Step, secretEvery } from "../steps";
import type { Subject } from "../subject";

/** What all peers get, as files in their own folder: the plan, the services and the secret. */
export abstract class Peer implements Subject {
  public readonly name: PeerName;
  public readonly subnet: string;
  public readonly manager: string;
  protected readonly plan: Plan;
  protected readonly folder: string;

  constructor(name: PeerName, size: Size, prepared: Prepared) {
    this.name = name;
    this.plan = planFor(name, size, prepared);
    this.subnet = this.plan.subnet;
    this.manager = this.plan.hosts[0]?.name ?? "";
    this.folder = mkdtempSync(join(tmpdir(), `swarmyard-bench-${name}-`));
    cpSync(join(__dirname, "../peers", name), this.folder, { recursive: true });
    writeFileSync(join(this.folder, "daemon.json"), this.plan.daemon);
  }

  public command(step: Step): Command | undefined {
    const { variation } = step;
    writeFileSync(join(this.folder, "stack.yml"), stackFile(this.plan.service, variation));
    writeFileSync(join(this.folder, "token.txt"), variation.secret);
    const secret = secretName(variation.secret);
    writeFileSync(
      join(this.folder, "plan.json"),
      JSON.stringify({
        ...this.plan,
        ...variation,
        secretEvery,
        secretName: secret,
        folder: this.folder,
      }),
    );
    return this.run(step);
  }

  /** The command of a step, all files being there. */
  protected abstract run(step: Step): Command | undefined;

  public async close(): Promise<void> {
    await sweepPeer(this.plan.name);
    rmSync(this.folder, { recursive: true, force: true });
  }

  protected file(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  protected here(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Command {
    return { command, args, cwd: this.folder, env: { ...process.env, ...env } };
  }

  protected link(target: string, name: string): void {
    mkdirSync(this.folder, { recursive: true });
    symlinkSync(target, join(this.folder, name));
  }
}

/** Matches the names that `planFor` gives to what a peer creates, and no other: other people's may begin the same. Pure. */
export function namesOf(peer: string): string {
  return `^${peer}(-registry|-[0-9]+)?$`;
}

/** Removes containers, volumes and the network of a peer by their names. */
export async function sweepPeer(name: string): Promise<void> {
  const docker = (...args: readonly string[]) => run({ command: "docker", args });
  const list = async (...args: string[]) => {
    const { stdout } = await docker(...args, "--filter", `name=${namesOf(name)}`);
    return stdout.split("\n").filter((line) => line !== "");
  };
  const remove = async (found: readonly string[], ...args: string[]) => {
    if (found.length > 0) await docker(...args, ...found);
  };
  await remove(await list("ps", "--all", "--quiet"), "rm", "--force", "--volumes");
  await remove(await list("volume", "ls", "--quiet"), "volume", "rm");
  await remove(await list("network", "ls", "--quiet"), "network", "rm");
}
