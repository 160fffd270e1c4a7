import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import type { Arguments } from "../arguments";
import { guard } from "../bench/guard";
import { removeLeftovers } from "../bench/leftovers";
import { type BenchOptions, type PeerName, parseBench, type Size } from "../bench/options";
import type { Images } from "../bench/plan";
import { prepareImages } from "../bench/prepare";
import { earlierRows, type Row, withoutSizes } from "../bench/result";
import { runSize } from "../bench/run-size";
import type { Subject } from "../bench/subject";
import { Ansible, ensureAnsible } from "../bench/subjects/ansible";
import { Ours } from "../bench/subjects/ours";
import { Program } from "../bench/subjects/program";
import { Script } from "../bench/subjects/script";
import { renderTable, withRows } from "../bench/table";
import { foldersOf } from "../setup/folders";
import type { Progress } from "../setup/progress";
import type { Pulumi } from "../setup/pulumi";
import { prepareMachine } from "../setup/session";

/** Measures `up` and its changes beside other ways to do the same; prints a table and writes JSON. */
export async function bench({ rest }: Arguments, progress: Progress): Promise<void> {
  const options = parseBench(rest);
  const { pulumi } = await prepareMachine(progress);
  const { cache } = foldersOf(process.env);
  const ansible = options.peers.includes("ansible") ? await ensureAnsible(progress, cache) : "";
  await removeLeftovers();
  const done = guard();
  try {
    const images = await prepareImages(progress);
    const rows = await measureSizes(options, { images, pulumi, ansible }, progress);
    progress.line(renderTable(rows));
    if (options.page !== undefined) {
      const page = readFileSync(options.page, "utf8");
      writeFileSync(options.page, withRows(page, { machine: describeMachine(), rows }));
    }
  } finally {
    done();
  }
}

async function measureSizes(options: BenchOptions, tools: Tools, progress: Progress) {
  const kept = options.add ? withoutSizes(earlierRows(options.out), options.sizes) : [];
  let rows: readonly Row[] = kept;
  for (const size of options.sizes) {
    for (const subject of ["swarmyard", ...options.peers] as const) {
      rows = [...rows, ...(await runSize(subjectOf(subject, size, tools), size, progress))];
      // After each, so that a long run that is killed leaves what it has.
      writeFileSync(
        options.out,
        `${JSON.stringify({ machine: describeMachine(), rows }, null, 1)}\n`,
      );
    }
  }
  return rows;
}

/** What the peers need beside the images. */
interface Tools {
  readonly images: Images;
  readonly pulumi: Pulumi;
  /** Folder of Ansible's commands, where it takes part. */
  readonly ansible: string;
}

function subjectOf(name: PeerName | "swarmyard", size: Size, tools: Tools): Subject {
  switch (name) {
    case "swarmyard":
      return new Ours(size);
    case "script":
      return new Script(size, tools.images);
    case "docker":
      return new Program(size, tools.images, tools.pulumi);
    case "ansible":
      return new Ansible(size, tools.images, tools.ansible);
  }
}

function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${type()}, ${cpus().length} × ${first?.model.trim()}, ${memory} GB`;
}
