import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { EnginesSeen, enginesToUse } from "./engines";

const checkout = path.resolve(__dirname, "../..");

/** What a command printed and how it ended. */
export interface Run {
  readonly status: number | null;
  readonly output: string;
  /** Longest time in seconds without a line. */
  readonly silence: number;
}

/** One task as the Docker engine lists it. */
export interface Task {
  readonly id: string;
  readonly service: string;
  readonly node: string;
}

/**
 * A copy of the checkout with an environment of its own, driven with the same commands that a
 * person types. It keeps its state in its own folder, so that it disturbs nothing on this machine.
 */
export class Yard {
  public readonly folder: string;
  private readonly state: string;
  /** What commands have in their environment beside that of this process. */
  public readonly variables: NodeJS.ProcessEnv = {};
  private readonly running = new Set<ChildProcess>();
  private readonly engines = new EnginesSeen();

  constructor(
    public readonly stack: string,
    shared?: Yard,
  ) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), `yard-${stack}-`));
    this.state = shared?.state ?? fs.mkdtempSync(path.join(os.tmpdir(), `yard-state-${stack}-`));
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
      cwd: checkout,
      encoding: "utf8",
    });
    for (const file of files.split("\0").filter((name) => name !== "")) {
      const source = path.join(checkout, file);
      if (!fs.existsSync(source)) continue;
      fs.mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
      fs.copyFileSync(source, path.join(this.folder, file));
    }
    fs.symlinkSync(path.join(checkout, "node_modules"), path.join(this.folder, "node_modules"));
    fs.copyFileSync(path.join(this.folder, "Pulumi.local.yaml"), this.settings);
    const engine = enginesToUse();
    if (engine !== undefined) this.set(["swarmyard:hosts", "local", "engine"], engine);
    this.git("init", "-q");
    this.commit();
    if (shared === undefined) this.sweepLeft();
  }

  /** Removes what a killed run left under this stack's name. */
  private sweepLeft(): void {
    const kinds = [
      ["ps", "-a"],
      ["network", "ls"],
      ["volume", "ls"],
    ];
    if (kinds.every((kind) => this.here(...kind, "-q").length === 0)) return;
    const args = ["run", "--silent", "down", "--", "-s", this.stack, "--sweep", "--yes"];
    execFileSync("npm", args, { cwd: this.folder, env: this.environment, stdio: "pipe" });
  }

  /** Path of the environment file. */
  get settings(): string {
    return path.join(this.folder, `Pulumi.${this.stack}.yaml`);
  }

  get environment(): NodeJS.ProcessEnv {
    // A yard is used as on a person's own machine; a workflow's would keep no ssh keys.
    const { CI: _, ...env } = process.env;
    return { ...env, ...this.variables, SWARMYARD_STATE: this.state };
  }

  git(...args: string[]): string {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    return execFileSync("git", [...identity, ...args], { cwd: this.folder, encoding: "utf8" });
  }

  commit(): void {
    this.git("add", "-A");
    this.git("commit", "-qm", "as it was", "--allow-empty");
  }

  /** Sets a value of the environment file, by path; undefined removes it. */
  set(keys: readonly (string | number)[], value: unknown): void {
    const document = parseDocument(fs.readFileSync(this.settings, "utf8"));
    if (value === undefined) document.deleteIn(["config", ...keys]);
    else document.setIn(["config", ...keys], document.createNode(value));
    fs.writeFileSync(this.settings, document.toString());
  }

  /** Runs an npm command on this environment; `onLine` may kill it. */
  async run(
    command: string,
    args: readonly string[] = [],
    onLine?: (line: string, killAll: () => void) => void,
  ): Promise<Run> {
    const child = spawn("npm", ["run", "--silent", command, "--", "-s", this.stack, ...args], {
      cwd: this.folder,
      env: this.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.running.add(child);
    const killAll = () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    let output = "";
    let silence = 0;
    let last = Date.now();
    const take = (data: Buffer) => {
      silence = Math.max(silence, (Date.now() - last) / 1000);
      last = Date.now();
      const text = data.toString();
      output += text;
      for (const line of text.split("\n").filter((part) => part !== "")) onLine?.(line, killAll);
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    const status = await new Promise<number | null>((resolve) => {
      child.on("close", (code) => resolve(code));
    });
    this.running.delete(child);
    if (command === "upgrade") this.engines.changed();
    if (["up", "upgrade"].includes(command) && status === 0) await this.engines.note(this);
    return { status, output, silence };
  }

  /** Runs a docker command on the swarm. */
  async docker(...args: string[]): Promise<string> {
    const { status, output } = await this.run("docker", ["--", ...args]);
    if (status !== 0) throw new Error(`docker ${args.join(" ")}: ${output}`);
    return output;
  }

  /** Tasks that should run and do, of all services or of one. */
  async tasks(service?: string): Promise<Task[]> {
    const names = (await this.docker("service", "ls", "--format", "{{.Name}}")).trim().split("\n");
    const wanted = names.filter((name) => service === undefined || name === service);
    const format = "{{.ID}} {{.Name}} {{.Node}} {{.CurrentState}}";
    const filter = ["--no-trunc", "--filter", "desired-state=running", "--format", format];
    const lines = (await this.docker("service", "ps", ...filter, ...wanted)).trim().split("\n");
    return lines
      .map((line) => line.split(" "))
      .filter((fields) => fields[3] === "Running")
      .map(([id = "", name = "", node = ""]) => ({
        id,
        service: name.slice(0, name.indexOf(".")),
        node,
      }));
  }

  /** Ids of this environment's containers on this machine, by name. */
  machines(): { readonly [name: string]: string } {
    const format = "{{.Names}} {{.ID}}";
    const lines = this.here("ps", "-a", "--no-trunc", "--format", format);
    return Object.fromEntries(lines.map((line) => line.split(" ") as [string, string]));
  }

  /** Lists this environment's objects of one kind on this machine. */
  here(...command: string[]): string[] {
    const label = `label=swarmyard.stack=swarmyard/${this.stack}`;
    const out = execFileSync("docker", [...command, "--filter", label], { encoding: "utf8" });
    return out
      .trim()
      .split("\n")
      .filter((line) => line !== "");
  }

  /** Runs a docker command on this machine's engine. @returns what it printed */
  engine(...args: string[]): string {
    return this.engineWithInput("", ...args);
  }

  /** The same with a text on standard input. */
  engineWithInput(input: string, ...args: string[]): string {
    return execFileSync("docker", args, {
      input,
      encoding: "utf8",
      stdio: "pipe",
      maxBuffer: 2 ** 28,
    });
  }

  /** Sends a signal to the process groups of all commands that run, as a terminal does. */
  signal(name: NodeJS.Signals): void {
    for (const { pid } of this.running) {
      try {
        if (pid !== undefined) process.kill(-pid, name);
      } catch {
        // It has just ended.
      }
    }
  }

  /** The stack's resources as the state has them now. */
  exported(): unknown {
    return JSON.parse(this.stateText()).checkpoint.latest.resources;
  }

  /** The state's text, as it lies on the disk. */
  stateText(): string {
    const file = filesBelow(this.state).find((name) =>
      name.endsWith(path.join(".pulumi", "stacks", "swarmyard", `${this.stack}.json`)),
    );
    if (file === undefined) throw new Error(`no state below ${this.state}`);
    return fs.readFileSync(file, "utf8");
  }

  /** Throws the state away, as if its disk were gone. */
  loseState(): void {
    fs.rmSync(this.state, { recursive: true, force: true });
  }

  /** Everything of this environment that is left on this machine. */
  left(): string[] {
    return [
      ...this.here("ps", "-aq"),
      ...this.here("network", "ls", "-q"),
      ...this.here("volume", "ls", "-q"),
      ...(fs.existsSync(this.state) ? filesBelow(this.state) : []),
    ];
  }

  /** Ends what still runs and removes everything, also without a state. */
  async close(): Promise<void> {
    this.signal("SIGKILL");
    await this.run("down", ["--sweep", "--yes"]);
    fs.rmSync(this.folder, { recursive: true, force: true });
    fs.rmSync(this.state, { recursive: true, force: true });
  }
}

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
