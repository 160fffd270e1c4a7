import * as fs from "node:fs";
import { expect } from "vitest";
import { testedVariables } from "../../tools/test/tested-engines";

/** Docker engine of the hosts of every environment of this run; undefined is that of new environments. */
export function enginesToUse(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env[testedVariables.hosts];
}

/** What is asked of an environment. */
interface Asked {
  here(...command: string[]): string[];
  engine(...args: string[]): string;
  run(
    command: string,
    args: readonly string[],
  ): Promise<{ readonly status: number | null; readonly output: string }>;
}

/** Notes which Docker engines an environment's nodes have, for the page of results. */
export class EnginesSeen {
  private readonly noted = new Set<string>();

  /** Looks at nodes that it has not seen; where the page is not written, at none. */
  async note(yard: Asked): Promise<void> {
    const file = process.env[testedVariables.seen];
    if (file === undefined) return;
    for (const version of await this.unseen(yard)) {
      const [plain] = version.split("+");
      fs.appendFileSync(file, `${expect.getState().testPath} ${plain}\n`);
    }
  }

  /** An upgrade has run. */
  changed(): void {
    this.noted.delete("swarm");
  }

  private async unseen(yard: Asked): Promise<readonly string[]> {
    const here = yard.here("ps", "-q", "--no-trunc", "--filter", "label=swarmyard.kind=node");
    // Machines elsewhere are asked for once: only an upgrade changes their Docker engine.
    if (here.length === 0) return this.noted.has("swarm") ? [] : this.ofSwarm(yard);
    const unseen = here.filter((id) => !this.noted.has(id));
    for (const id of unseen) this.noted.add(id);
    const version = ["docker", "version", "-f", "{{.Server.Version}}"];
    return unseen.map((id) => yard.engine("exec", id, ...version).trim());
  }

  private async ofSwarm(yard: Asked): Promise<readonly string[]> {
    const { status, output } = await yard.run("docker", [
      ...["--", "node", "ls", "--format", "{{.EngineVersion}}"],
    ]);
    // A part of an environment may have no machines yet.
    if (status !== 0) return [];
    this.noted.add("swarm");
    return output.trim().split("\n");
  }
}
