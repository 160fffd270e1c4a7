import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Size } from "../options";
import type { Prepared } from "../plan";
import { type Command, must } from "../processes";
import { during, say } from "../progress";
import type { Step } from "../steps";
import { Peer } from "./peer";

/** A playbook with community.docker. Its preview does not cover services. */
export class Ansible extends Peer {
  constructor(
    size: Size,
    prepared: Prepared,
    private readonly commands: string,
  ) {
    super("ansible", size, prepared);
    const settings = {
      User: "root",
      IdentityFile: join(this.folder, "operator"),
      IdentitiesOnly: "yes",
      UserKnownHostsFile: join(this.folder, "known_hosts"),
      LogLevel: "ERROR",
    };
    const lines = Object.entries(settings).map(([key, value]) => `  ${key} ${value}`);
    this.file("ssh_config", `Host *\n${lines.join("\n")}\n`);
  }

  protected run({ command }: Step): Command | undefined {
    if (command === "preview") return undefined;
    return this.here(join(this.commands, "ansible-playbook"), [`${command}.yml`], {
      PATH: `${this.folder}:${this.commands}:${process.env.PATH}`,
      BENCH_FOLDER: this.folder,
      ANSIBLE_CONFIG: join(this.folder, "ansible.cfg"),
      ANSIBLE_LOCAL_TEMP: join(this.folder, "tmp"),
      ANSIBLE_PYTHON_INTERPRETER: join(this.commands, "python3"),
    });
  }
}

/** Installs Ansible into the cache once. @returns the folder of its commands */
export async function ensureAnsible(): Promise<string> {
  const pins = join(__dirname, "../peers/ansible/requirements.txt");
  const [, version = ""] = /ansible==(\S+)/.exec(readFileSync(pins, "utf8")) ?? [];
  const folder = join(cacheFolder(), "bench", `ansible-${version}`);
  const commands = join(folder, "bin");
  if (!existsSync(join(commands, "ansible-playbook"))) {
    say(`Installing Ansible ${version} into ${folder}.`);
    await during("installing Ansible", async () => {
      const folderOf = { command: "python3", args: ["-m", "venv", folder] };
      await must("Creating a folder for Ansible", folderOf);
      const args = ["install", "--quiet", "--requirement", pins];
      await must("Installing Ansible", { command: join(commands, "pip"), args });
    });
  }
  return commands;
}

function cacheFolder(): string {
  const { SWARMYARD_CACHE: own, XDG_CACHE_HOME: all } = process.env;
  return own ? own : join(all ? all : join(homedir(), ".cache"), "swarmyard");
}
