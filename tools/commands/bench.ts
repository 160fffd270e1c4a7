import { writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import type { Arguments } from "../arguments";
import { guard, removeLeftovers } from "../bench/leftovers";
import { type BenchOptions, type PeerName, parseBench, type Size } from "../bench/options";
import type { Images } from "../bench/plan";
import { prepareImages } from "../bench/prepare";
import { earlierRows, type Row, withoutSizes } from "../bench/result";
import { runSize } from "../bench/run-size";
import type { Subject } from "../bench/subject";
import { Ours } from "../bench/subjects/ours";
import { Script } from "../bench/subjects/script";
import { renderTable } from "../bench/table";
import type { Progress } from "../setup/progress";
import { prepareMachine } from "../setup/session";

/** Measures `up` and its changes beside other ways to do the same; prints a table and writes JSON. */
export async function bench({ rest }: Arguments, progress: Progress): Promise<void> {
  const options = parseBench(rest);
  await prepareMachine(progress);
  await removeLeftovers();
  const done = guard();
  try {
    const images = await prepareImages(progress);
    const rows = await measureSizes(options, images, progress);
    progress.line(renderTable(rows));
  } finally {
    done();
  }
}

async function measureSizes(options: BenchOptions, images: Images, progress: Progress) {
  const kept = options.add ? withoutSizes(earlierRows(options.out), options.sizes) : [];
  let rows: readonly Row[] = kept;
  for (const size of options.sizes) {
    for (const subject of ["swarmyard", ...options.peers] as const) {
      rows = [...rows, ...(await runSize(subjectOf(subject, size, images), size, progress))];
      // After each, so that a long run that is killed leaves what it has.
      writeFileSync(
        options.out,
        `${JSON.stringify({ machine: describeMachine(), rows }, null, 1)}\n`,
      );
    }
  }
  return rows;
}

function subjectOf(name: PeerName | "swarmyard", size: Size, images: Images): Subject {
  switch (name) {
    case "swarmyard":
      return new Ours(size);
    case "script":
      return new Script(size, images);
    default:
      throw new Error(name);
  }
}

function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${type()}, ${cpus().length} × ${first?.model.trim()}, ${memory} GB`;
}
