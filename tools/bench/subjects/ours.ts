import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { stringify } from "yaml";
import type { Size } from "../options";
import { overlaySubnet } from "../plan";
import { type Command, must, run } from "../processes";
import type { Step } from "../steps";
import type { Subject } from "../subject";

/** The checkout that is measured. It is copied and run, never loaded. */
export const checkout = resolve(__dirname, "../../..");
/** Name of the environment. */
export const benchStack = "bench";
/** Network of its hosts. */
const subnet = "10.124.0.0/16";
/** Salt of the public passphrase of local environments. */
const salt = "v1:k0VcxDq5ryU=:v1:TULUhe491/LuDRKH:bJzIdSGTtwkSiiU2RQvp20Wk20lHnw==";

/** The environment file of a size. Pure. */
export function environmentFile({ nodes }: Size): string {
  const labels = { bench: "true" };
  const others = nodes > 1 ? { more: { count: nodes - 1, labels } } : {};
  return stringify({
    encryptionsalt: salt,
    config: {
      "swarmyard:hosts": {
        kind: "local",
        local: { subnet },
        groups: { first: { role: "manager", labels }, ...others },
      },
      "swarmyard:share": { kind: "none" },
      "swarmyard:swarm": { discovery: "dnsrr", publish: "host" },
      "swarmyard:platforms": { bench: {} },
    },
  });
}

/** A copy of this checkout, driven by the same commands that people use. */
export class Ours implements Subject {
  public readonly name = "swarmyard";
  public readonly subnet = subnet;
  public readonly manager = `swarmyard-${benchStack}-yard-bench-first-0`;
  protected readonly folder = mkdtempSync(join(tmpdir(), "swarmyard-bench-"));
  private readonly state = mkdtempSync(join(tmpdir(), "swarmyard-bench-state-"));

  constructor(size: Size) {
    const left = ["node_modules", ".git", "docs", "tests"];
    cpSync(checkout, this.folder, {
      recursive: true,
      filter: (source) => !left.includes(basename(source)),
    });
    symlinkSync(join(checkout, "node_modules"), join(this.folder, "node_modules"));
    cpSync(join(__dirname, "../platform"), this.platform, { recursive: true });
    writeFileSync(join(this.folder, `Pulumi.${benchStack}.yaml`), environmentFile(size));
  }

  public command({ command, variation }: Step): Command {
    const { secret, ...rest } = variation;
    mkdirSync(this.platform, { recursive: true });
    writeFileSync(
      join(this.platform, "variation.json"),
      JSON.stringify({ ...rest, subnet: overlaySubnet }),
    );
    writeFileSync(join(this.platform, "token.txt"), secret);
    return this.npm(command);
  }

  public async close(): Promise<void> {
    await run(this.npm("down", "--sweep", "--yes"));
    for (const folder of [this.folder, this.state]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The Pulumi that its commands use. */
  public async pulumi(): Promise<{ readonly command: string; readonly home: string }> {
    const { command, args, ...rest } = this.npm("env");
    const shell = `eval "$(${[command, ...args].join(" ")})" && command -v pulumi && echo "$PULUMI_HOME"`;
    const text = await must("Asking for Pulumi", { command: "bash", args: ["-c", shell], ...rest });
    const [path = "", home = ""] = text.split("\n");
    return { command: path, home };
  }

  protected npm(command: string, ...args: string[]): Command {
    return {
      command: "npm",
      args: ["run", "--silent", command, "--", "-s", benchStack, ...args],
      cwd: this.folder,
      env: { ...process.env, SWARMYARD_STATE: this.state },
    };
  }

  private get platform(): string {
    return join(this.folder, "platforms", "bench");
  }
}
