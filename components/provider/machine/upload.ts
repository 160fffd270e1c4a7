import { spawn } from "node:child_process";
import { createReadStream, statSync } from "node:fs";
import { checkerOf } from "../../model/fields/check";
import { type UploadInputs, uploadFields } from "../../model/kinds/machine";
import { changesBetween, topLevel } from "../../model/paths";
import { quote } from "../../model/quote";
import type { KindContext } from "../context";
import type { Kind } from "../kind";
import { runAsRoot } from "./connections";

/** Seconds that a copy may take. */
const COPY_SECONDS = 1_800;

/** A file or a folder that is copied to an existing machine. The copy stays when the resource goes. */
export const uploadKind: Kind<UploadInputs, KindContext> = {
  token: "swarm:index:Upload",
  secrets: ["connection"],
  check: checkerOf(uploadFields),
  diff: (old, news) => {
    // Every clone has its own path of the same content.
    const before = { ...old.inputs, source: news.source };
    return changesBetween(before, news, "", (path) => topLevel(path) === "triggers");
  },
  plan: (news) => news,
  async create(inputs, context) {
    await copy(inputs, context);
    return { id: inputs.target, state: inputs };
  },
  async read(id, old) {
    if (!old) throw new Error("an Upload cannot be imported; let Pulumi copy it");
    return { id, inputs: old.inputs, state: old.state };
  },
  async update(old, news, context) {
    const { hash, target } = old.inputs;
    if (hash !== news.hash || target !== news.target) await copy(news, context);
    return { id: news.target, state: news };
  },
  async delete() {},
};

async function copy({ connection, source, target }: UploadInputs, context: KindContext) {
  const isFolder = statSync(source).isDirectory();
  const to = quote(target);
  const script = isFolder
    ? `mkdir -p ${to}\ntar -xf - --no-same-owner -C ${to}`
    : `mkdir -p "$(dirname ${to})"\ncat >${to}.new\nmv ${to}.new ${to}`;
  const input = () => (isFolder ? packed(source) : createReadStream(source));
  await runAsRoot({ connection, script, input, seconds: COPY_SECONDS }, context);
}

/** The folder's content as a tar file. */
async function* packed(folder: string): AsyncIterable<Buffer> {
  const tar = spawn("tar", ["-C", folder, "-cf", "-", "."], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  tar.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once("error", reject);
    tar.once("close", resolve);
  });
  yield* tar.stdout;
  if ((await ended) !== 0) throw new Error(`${folder} cannot be packed: ${complaint.trim()}`);
}
