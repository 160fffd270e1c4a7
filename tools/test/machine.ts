import { existsSync, readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { capture } from "../setup/processes";
import type { Pulumi } from "../setup/pulumi";

/** This machine in one line: cores, memory, system and Pulumi, for tables of results. */
export async function describeMachine({ command }: Pick<Pulumi, "command">): Promise<string> {
  const pulumi = await capture(command, ["version"]);
  const memory = Math.round(totalmem() / 1024 ** 3);
  const system = `${distribution() ?? type()} (kernel ${release()})`;
  const node = `Node ${process.versions.node}`;
  return `${cpus().length} cores, ${memory} GiB, ${system}, Pulumi ${pulumi.stdout.trim()}, ${node}`;
}

function distribution(): string | undefined {
  const file = "/etc/os-release";
  if (!existsSync(file)) return undefined;
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync(file, "utf8"))?.[1];
}
