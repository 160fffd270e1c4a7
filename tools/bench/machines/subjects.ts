import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { type Command, must } from "../processes";
import { checkout } from "../subjects/ours";
import type { BareMachine, BareMachines } from "./bare";

/** A way to make bare machines a swarm with labels. */
export interface MachineSubject {
  readonly name: string;
  /** Before anything is measured. */
  prepare(bare: BareMachines): Promise<void>;
  /** What makes the swarm, and changes nothing when it runs again. */
  command(bare: BareMachines): Command;
  close(): void;
}

const stack = "bench-machines";

/** Docker engine settings that both write: what keeps logs small. */
const daemon = { "log-driver": "json-file", "log-opts": { "max-size": "10m", "max-file": "3" } };

/** The environment file of bare machines: the first is the manager. Pure. */
export function machinesFile([first, ...others]: readonly BareMachine[], key: string): string {
  const group = (machines: readonly BareMachine[], role: "manager" | "worker") => ({
    kind: "ssh",
    role,
    labels: { bench: "true" },
    key: { file: key },
    machines: Object.fromEntries(machines.map(({ name, address }) => [name, { address }])),
  });
  return stringify({
    config: {
      "swarmyard:hosts": {
        groups: {
          ...(first === undefined ? {} : { first: group([first], "manager") }),
          ...(others.length === 0 ? {} : { others: group(others, "worker") }),
        },
      },
      "swarmyard:share": { kind: "none" },
      "swarmyard:registry": { kind: "none" },
    },
  });
}

/** A copy of this checkout, driven by the same commands that people use. */
export class OursOnMachines implements MachineSubject {
  public readonly name = "swarmyard";
  private readonly folder = mkdtempSync(join(tmpdir(), "swarmyard-bench-"));
  private readonly state = mkdtempSync(join(tmpdir(), "swarmyard-bench-state-"));

  async prepare({ machines, key }: BareMachines): Promise<void> {
    const left = ["node_modules", ".git", "docs", "tests"];
    cpSync(checkout, this.folder, {
      recursive: true,
      filter: (source) => !left.includes(basename(source)),
    });
    symlinkSync(join(checkout, "node_modules"), join(this.folder, "node_modules"));
    writeFileSync(join(this.folder, `Pulumi.${stack}.yaml`), machinesFile(machines, key));
    mkdirSync(join(this.state, "backend"));
    const init = `pulumi stack init ${stack} --no-select --secrets-provider passphrase`;
    const shell = `eval "$(npm run --silent env -- -s ${stack})" && ${init}`;
    await must("Making a stack", { command: "bash", args: ["-c", shell], ...this.place });
  }

  command(): Command {
    return {
      command: "npm",
      args: ["run", "--silent", "up", "--", "-s", stack, "--yes"],
      ...this.place,
    };
  }

  close(): void {
    for (const folder of [this.folder, this.state]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private get place() {
    const env = {
      ...process.env,
      SWARMYARD_STATE: this.state,
      PULUMI_BACKEND_URL: `file://${join(this.state, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase of the benchmark",
    };
    return { cwd: this.folder, env };
  }
}

/** Ansible's inventory: the first machine is the manager. Pure. */
export function inventory(machines: readonly BareMachine[], key: string): object {
  const host = ({ name, address }: BareMachine) => ({ ansible_host: address, node: name, address });
  const hosts = (some: readonly BareMachine[]) => ({
    hosts: Object.fromEntries(some.map((one) => [one.name, host(one)])),
  });
  return {
    all: {
      vars: {
        ansible_user: "root",
        ansible_ssh_private_key_file: key,
        ansible_python_interpreter: "/usr/bin/python3",
        daemon,
      },
      children: { first: hosts(machines.slice(0, 1)), others: hosts(machines.slice(1)) },
    },
  };
}

/** A playbook over SSH, with pipelining and one kept connection for each machine. */
export class AnsibleOnMachines implements MachineSubject {
  public readonly name = "ansible";

  /** @param commands folder of Ansible's commands */
  constructor(private readonly commands: string) {}

  async prepare({ folder, machines, key }: BareMachines): Promise<void> {
    cpSync(join(__dirname, "../peers/machines/ansible"), folder, { recursive: true });
    writeFileSync(join(folder, "inventory.json"), JSON.stringify(inventory(machines, key)));
  }

  command({ folder }: BareMachines): Command {
    return {
      command: join(this.commands, "ansible-playbook"),
      args: ["up.yml"],
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${this.commands}:${process.env.PATH}`,
        ANSIBLE_CONFIG: join(folder, "ansible.cfg"),
        ANSIBLE_LOCAL_TEMP: join(folder, "tmp"),
        ANSIBLE_HOME: join(folder, "home"),
      },
    };
  }

  close(): void {
    // Its files are in the machines' folder.
  }
}
