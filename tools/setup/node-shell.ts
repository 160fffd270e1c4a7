import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "../../components/engine/endpoints";
import { writeSshFiles } from "../report/ssh-files";
import { Failure } from "./failure";
import { capture, lastLines } from "./processes";

/** A node may have much to delete. */
const TIMEOUT_MS = 10 * 60_000;

/** Runs bash as root on nodes over SSH. */
export class NodeShell {
  private readonly folder = mkdtempSync(join(tmpdir(), "swarmyard-ssh-"));
  private readonly config: string;

  constructor(private readonly endpoints: readonly Endpoint[]) {
    // In a folder of its own, which is removed again: this machine may not be one that keeps keys.
    const folders = { cache: this.folder, state: this.folder };
    this.config = writeSshFiles(folders, "nodes", endpoints, {});
  }

  /**
   * Runs a script on a node.
   *
   * @returns what it printed
   * @throws Failure with the end of what it said
   */
  async run(node: string, script: string): Promise<string> {
    const user = this.endpoints.find(({ name }) => name === node)?.user ?? "root";
    const bash = user === "root" ? "bash -s" : "sudo -n bash -s";
    const args = ["-F", this.config, "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", node, bash];
    const { status, stdout, stderr } = await capture("ssh", args, {
      input: script,
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 0) return stdout;
    throw new Failure(`A command on ${node} failed.`, lastLines(stderr, 8));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
