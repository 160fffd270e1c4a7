import { type ChildProcess, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { withStandIns } from "../../components/config/environment/stand-ins";
import { STACK_LABEL } from "../../components/model/ownership";
import { docker, type MachineOptions, Machines } from "../e2e/machines";
import { initStack, makeKey, startAgent, useOwnBackend } from "../e2e/rack";
import { System } from "./system";

const groups = ["swarmyard:hosts", "groups"];

/** Names of the machines of an environment file, with their groups. */
function machinesOf(file: string): readonly (readonly [group: string, machine: string])[] {
  const { config } = parse(fs.readFileSync(file, "utf8"));
  const stated: { [group: string]: { machines: object } } = config["swarmyard:hosts"].groups;
  return Object.entries(stated).flatMap(([group, { machines }]) =>
    Object.keys(machines).map((machine) => [group, machine] as const),
  );
}

/** Name of a small image on this machine, where the real one may also be. */
const small = (image: string) => `swarmyard/servers/${image}`;

/** Somebody's servers with Docker, and a system of platforms/ whose file for servers names them. */
export class Servers {
  public readonly system: System;
  public readonly machines: Machines;
  public readonly names: readonly string[];
  private readonly folder: string;
  private readonly key: string;
  private readonly wanted: ReturnType<typeof machinesOf>;
  private agent: ChildProcess | undefined;

  constructor(private readonly name: string) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), `yard-servers-${name}-`));
    this.key = path.join(this.folder, "key");
    this.machines = new Machines(`${name}-servers`, makeKey(this.key));
    this.system = new System(`${name}-ssh`);
    this.wanted = machinesOf(this.system.settings);
    this.names = this.wanted.map(([, machine]) => machine);
  }

  /** Starts the servers that the file names, and writes their addresses into it. */
  async start(options: { readonly [name: string]: Partial<MachineOptions> } = {}): Promise<void> {
    const servers = this.names.map((name) => {
      return [name, { hostname: name, settings: "{}", ...options[name] }] as const;
    });
    await this.machines.start(Object.fromEntries(servers));
    for (const [group, machine] of this.wanted) {
      const keys = [...groups, group, "machines", machine, "address"];
      this.system.set(keys, this.machines.address(machine));
    }
    // What ports of all nodes need may be missing in the kernel of these servers.
    for (const [key, value] of [
      ["discovery", "dnsrr"],
      ["publish", "host"],
    ] as const) {
      this.system.set(["swarmyard:swarm", key], value);
    }
    const { agent, socket } = await startAgent(this.folder, this.key);
    this.agent = agent;
    useOwnBackend(this.system, this.folder);
    this.system.variables.SSH_AUTH_SOCK = socket;
    initStack(this.system);
  }

  /** No registry is in reach: the small images lie on the servers under the names of the real ones. */
  give(images: { readonly [server: string]: readonly string[] }): void {
    for (const image of new Set(Object.values(images).flat())) this.build(image);
    for (const [server, names] of Object.entries(images)) {
      const saved = execFileSync("docker", ["save", ...names.map(small)], { maxBuffer: 2 ** 30 });
      this.machines.give(server, saved, "docker", "load");
      for (const name of names) this.machines.on(server, "docker", "tag", small(name), name);
    }
  }

  /** Builds the small image that the file for containers has for a real one. */
  private build(image: string): void {
    const folder = this.system.place;
    const text = fs.readFileSync(path.join(folder, `Pulumi.${this.name}.yaml`), "utf8");
    const rows = parse(text).config["swarmyard:standIns"];
    const spec = { folder, services: { one: { image } } };
    const [build] = Object.values(withStandIns(spec, { rows, folder }).images ?? {});
    if (build === undefined) throw new Error(`no small image for ${image}`);
    const args = Object.entries(build.args ?? {}).map(([key, value]) => `${key}=${value}`);
    const given = args.flatMap((arg) => ["--build-arg", arg]);
    docker("build", "-q", "-t", small(image), ...given, build.context);
  }

  /** Objects on the servers that have our label, and files of ours. */
  left(): readonly string[] {
    const kinds = ["ps --all", "network ls", "volume ls"];
    const filter = `--quiet --filter label=${STACK_LABEL}=swarmyard/${this.system.stack}`;
    const listed = kinds.map((kind) => `docker ${kind} ${filter}`);
    const script = [...listed, "ls -d /var/lib/swarmyard 2>/dev/null || true"].join("; ");
    return this.names.flatMap((name) =>
      this.machines
        .on(name, "sh", "-c", script)
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => `${name}: ${line}`),
    );
  }

  async close(): Promise<void> {
    this.machines.remove();
    await this.system.close();
    this.agent?.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
