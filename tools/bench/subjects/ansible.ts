import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../setup/folders";
import { must } from "../../setup/processes";
import type { Progress } from "../../setup/progress";
import type { Command } from "../measure";
import type { Size } from "../options";
import type { Images } from "../plan";
import type { Step } from "../steps";
import { Peer } from "./peer";

/** A playbook with community.docker. It has no preview that knows of services. */
export class Ansible extends Peer {
  constructor(
    size: Size,
    images: Images,
    private readonly commands: string,
  ) {
    super("ansible", size, images);
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
export async function ensureAnsible(progress: Progress, cache: string): Promise<string> {
  const pins = join(root, "tools/bench/peers/ansible/requirements.txt");
  const [, version = ""] = /ansible==(\S+)/.exec(readFileSync(pins, "utf8")) ?? [];
  const folder = join(cache, "bench", `ansible-${version}`);
  const commands = join(folder, "bin");
  if (!existsSync(join(commands, "ansible-playbook"))) {
    progress.line(`Installing Ansible ${version} into ${folder}.`);
    await progress.during("installing Ansible", async () => {
      await must("Making a folder for Ansible", "python3", ["-m", "venv", folder]);
      const args = ["install", "--quiet", "--requirement", pins];
      await must("Installing Ansible", join(commands, "pip"), args);
    });
  }
  return commands;
}
