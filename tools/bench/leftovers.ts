import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endOrphans } from "../setup/heal";
import { listObjects, removeObjects } from "../setup/local-objects";
import { peers } from "./options";
import { benchStack } from "./subjects/ours";
import { sweepPeer } from "./subjects/peer";

/** Prefix of every folder of the benchmark among the temporary files. */
const folderPrefix = "swarmyard-bench-";

/** Removes everything that an earlier or killed benchmark left on this machine. */
export async function removeLeftovers(): Promise<void> {
  await endOrphans();
  const owner = `swarmyard/${benchStack}`;
  await removeObjects(await listObjects(["container", "network", "volume"], owner));
  for (const peer of peers) {
    await sweepPeer(`bench-${peer}`);
  }
  for (const name of readdirSync(tmpdir()).filter((file) => file.startsWith(folderPrefix))) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
