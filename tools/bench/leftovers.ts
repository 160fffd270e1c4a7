import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { networkOf } from "./machines/bare";
import { machinePeers } from "./machines/options";
import { peers } from "./options";
import { Ours } from "./subjects/ours";
import { sweepPeer } from "./subjects/peer";

/** Prefix of every folder of the benchmark among the temporary files. */
const folderPrefix = "swarmyard-bench-";

/** Removes everything that an earlier or killed benchmark left on this machine. */
export async function removeLeftovers(): Promise<void> {
  await new Ours({ services: 1, nodes: 1 }).close();
  for (const peer of peers) {
    await sweepPeer(`bench-${peer}`);
  }
  for (const subject of ["swarmyard", ...machinePeers]) await sweepPeer(networkOf(subject));
  for (const name of readdirSync(tmpdir()).filter((file) => file.startsWith(folderPrefix))) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
